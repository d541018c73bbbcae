# The core extract (the last operand) with the branch number of the result files appended.
BEGIN { core = ARGV[ARGC - 1] }
FILENAME != core { if ($5 == 1) branch_number[$3] = $8; next }
{ sub(/\r$/, ""); print $0 "," (FNR == 1 ? "branch_number" : branch_number[$1]) "\r" }
