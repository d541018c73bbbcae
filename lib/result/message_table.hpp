#pragma once
// What a 処理結果メッセージ says, as a class: messages are sentences that quote the record, so they
// are matched by pattern and never shown.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <tsunagi/diagnostic.hpp>
#include <tsunagi/expected.hpp>
#include <tsunagi/schema.hpp>

namespace tsunagi::result {

class MessageTable {
public:
    // result-messages.csv of the profile (`pattern,class`; `*` in a pattern is any text, and a
    // pattern is found anywhere in the message; the first row that fits decides). A profile without
    // it gets the classes that the briefing lets one expect.
    // Errors   SYS001; LAY001 with line and column.
    static Expected<MessageTable, Diagnostic> load(const Profile& profile);

    // Index of a class; 0 is "unclassified". `bytes` in the profile's encoding.
    std::uint16_t classify(std::string_view bytes) const;
    const std::string& name_of(std::uint16_t index) const { return classes_.at(index); }

private:
    struct Row {
        std::vector<std::string> pieces;  // of the pattern, in the profile's encoding
        std::uint16_t class_index = 0;
    };
    explicit MessageTable(Encoding encoding) : encoding_(encoding) {}
    void add(std::string_view pattern, std::string_view class_name);

    Encoding encoding_;
    std::vector<std::string> classes_{"unclassified"};
    std::vector<Row> rows_;
};

}  // namespace tsunagi::result
