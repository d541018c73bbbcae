# Rows whose field `column` was there before: row number and the row that had it first.
{
    key = $column
    sub(/\r$/, "", key)
    if (key in first) print NR "," first[key]
    else first[key] = NR
}
