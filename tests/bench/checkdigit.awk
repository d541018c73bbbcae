# Lines of a list of individual numbers that are wrong: line number and kind, as tsunagi-checkdigit
# says it. mawk has no {12}: the length is asked apart.
{
    sub(/\r$/, "")
    if (length($0) != 12 || $0 ~ /[^0-9]/) { print NR "\tshape"; next }
    if ($0 == "000000000000") { print NR "\tzeros"; next }
    sum = 6 * substr($0, 1, 1) + 5 * substr($0, 2, 1) + 4 * substr($0, 3, 1) + \
        3 * substr($0, 4, 1) + 2 * substr($0, 5, 1) + 7 * substr($0, 6, 1) + \
        6 * substr($0, 7, 1) + 5 * substr($0, 8, 1) + 4 * substr($0, 9, 1) + \
        3 * substr($0, 10, 1) + 2 * substr($0, 11, 1)
    rest = sum % 11
    if ((rest <= 1 ? 0 : 11 - rest) != substr($0, 12, 1)) print NR "\tcheck-digit"
}
