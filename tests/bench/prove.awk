# Base and difference together, held against the expected release: files of one master in that order,
# keys of KEYS fields. Counts the rows that differ.
function key_of(   i, key) {
    key = ""
    for (i = 1; i <= KEYS; i++) key = key FS $i
    return key FS $(NF - 1)
}
FNR == 1 { file++ }
{ key = key_of() }
file == 1 { rows[key] = $0; next }
file == 2 {
    if ($(NF - 3) == 3) {
        delete rows[key]
    } else {
        $(NF - 3) = ""
        rows[key] = $0
    }
    next
}
!(key in rows) { differences++; next }
{
    if (rows[key] != $0) differences++
    delete rows[key]
}
END {
    for (key in rows) differences++
    print "differences " (differences + 0)
}
