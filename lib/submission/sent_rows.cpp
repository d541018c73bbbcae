#include "submission/sent_rows.hpp"

#include <charconv>
#include <string>
#include <utility>
#include <vector>

#include "csv/control_records.hpp"
#include "csv/row_reader.hpp"
#include "csv/segments.hpp"

namespace tsunagi::submission {

namespace {

struct TaggedRecord {
    std::uint64_t record_id = 0;
    std::string member_id;
    ledger::RecordTags tags;
};

}  // namespace

Expected<void, Diagnostic> add_sent_rows(const Setup& setup, const LedgerLink& link,
                                         const upload::UploadFiles& files, const PlainFiles& plain,
                                         const file::OutputFolder& folder, std::size_t index,
                                         ledger::Writing& writing) {
    auto sent = plain.read(folder, index);
    if (!sent) return Unexpected{std::move(sent).error()};
    const auto unframed = csv::unframe(std::move(*sent), setup.schema.profile().control_records);
    if (!unframed) return Unexpected{unframed.error()};
    const file::Input& input = unframed->rows;
    const auto start = files.start();
    if (!start) return Unexpected{start.error()};
    if (auto begun = writing.begin_dispatch(plain.files[index].name); !begun) return begun;
    using Records = std::vector<TaggedRecord>;
    const auto work = [&](const csv::Segment& segment) -> Expected<Records, Diagnostic> {
        std::uint64_t begin = start->size();
        if (segment.begin > begin) {
            const auto aligned = csv::RowReader::next_row_begin(input, segment.begin, segment.end);
            if (!aligned) return Unexpected{aligned.error()};
            begin = *aligned;
        }
        Records records;
        if (begin >= segment.end) return records;
        ledger::Tagger tagger = link.tagger(setup);
        csv::RowReader reader(input, setup.schema.profile().quote, begin, segment.end);
        csv::Row row;
        while (true) {
            const auto more = reader.next(row);
            if (!more) return Unexpected{more.error()};
            if (!*more) return records;
            const std::string_view id = row.fields[*setup.items.record_id].personal_data();
            TaggedRecord record;
            record.member_id = row.fields[*setup.items.member_id].personal_data();
            record.tags = tagger.all(row.fields);
            std::from_chars(id.data(), id.data() + id.size(), record.record_id);
            records.push_back(std::move(record));
        }
    };
    const auto take = [&](const csv::Segment&, Records&& records) -> Expected<void, Diagnostic> {
        for (const TaggedRecord& record : records)
            if (auto added = writing.add(
                    {.record_id = record.record_id, .member_id = record.member_id}, record.tags);
                !added)
                return added;
        return {};
    };
    const auto segments = csv::cut_segments({&input, 1});
    if (auto done = csv::run_segments<Records>(segments, setup.options.threads, work, take); !done)
        return done;
    return writing.end_dispatch();
}

}  // namespace tsunagi::submission
