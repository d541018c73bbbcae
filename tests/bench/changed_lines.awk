# Members added, changed and vanished, from `comm -3 OLD NEW`: a line of NEW alone begins with a
# tab.
{
    is_new = sub(/^\t/, "")
    if (is_new) in_new[$1] = 1
    else in_old[$1] = 1
}
END {
    for (member_id in in_new) if (member_id in in_old) changed++; else added++
    for (member_id in in_old) if (!(member_id in in_new)) vanished++
    print "added " added + 0
    print "changed " changed + 0
    print "vanished " vanished + 0
}
