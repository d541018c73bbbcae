# Six of the codes of member-info, counted: what a careful clerk writes in an afternoon. No row
# number, no accepted set, no record or batch rule.
function check_code(value, codes) {
    if (value != "" && index(codes, " " value " ") == 0) count["COD001"]++
}
function check_date(value,    year, month, day, days) {
    if (value == "") return
    if (length(value) != 8 || value ~ /[^0-9]/) { count["DAT001"]++; return }
    year = substr(value, 1, 4) + 0
    month = substr(value, 5, 2) + 0
    day = substr(value, 7, 2) + 0
    days = month == 2 ? 28 + (year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)) : \
        month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31
    if (year < 1 || month < 1 || month > 12 || day < 1 || day > days) count["DAT001"]++
}
function check_number(value,    rest) {
    if (value == "") return
    if (length(value) != 12 || value ~ /[^0-9]/) { count["NUM001"]++; return }
    if (value == "000000000000") { count["NUM003"]++; return }
    rest = (6 * substr(value, 1, 1) + 5 * substr(value, 2, 1) + 4 * substr(value, 3, 1) + \
        3 * substr(value, 4, 1) + 2 * substr(value, 5, 1) + 7 * substr(value, 6, 1) + \
        6 * substr(value, 7, 1) + 5 * substr(value, 8, 1) + 4 * substr(value, 9, 1) + \
        3 * substr(value, 10, 1) + 2 * substr(value, 11, 1)) % 11
    if ((rest <= 1 ? 0 : 11 - rest) != substr(value, 12, 1)) count["NUM002"]++
}
function check_blank(value) { if (value == "") count["TXT001"]++ }
BEGIN {
    split("COD001 DAT001 NUM001 NUM002 NUM003 TXT001", codes, " ")
    relationship = " 02 11 12 13 14 20 51 52 53 54 71 74 81 84 96 98 99 9Z "
}
{
    sub(/\r$/, "")
    check_blank($1); check_blank($2); check_blank($3); check_blank($4); check_blank($8)
    check_blank($9); check_blank($11); check_blank($12); check_blank($15); check_blank($16)
    check_blank($20)
    if ($2 == 1) check_blank($6)
    if ($9 == 2) check_blank($10)
    check_number($6)
    check_code($2, " 1 2 3 "); check_code($9, " 1 2 "); check_code($10, relationship)
    check_code($16, " 1 2 3 "); check_code($23, " 01 02 03 99 "); check_code($24, " 1 2 3 ")
    check_code($26, " 0 1 ")
    check_date($15); check_date($20); check_date($22); check_date($25)
}
END { for (at = 1; at <= 6; at++) print codes[at], count[codes[at]] + 0 }
