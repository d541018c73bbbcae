#include <tsunagi/conversion.hpp>

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "conversion/part.hpp"
#include "extract/character_map.hpp"
#include "extract/replaced.hpp"
#include "extract/rows.hpp"
#include "file/input.hpp"
#include "file/output.hpp"

namespace tsunagi {

namespace {

using conversion::Fault;
using conversion::Part;
using conversion::Trouble;

Code code_of(Trouble trouble) noexcept {
    return trouble == Trouble::invalid ? Code::FIL002 : Code::TXT004;
}
Severity severity_of(Trouble trouble) noexcept {
    return trouble == Trouble::renamed ? Severity::warning : Severity::error;
}
PublicText detail_of(Trouble trouble) {
    switch (trouble) {
        case Trouble::invalid: break;
        case Trouble::misfit:
            return {"it has no place in the target encoding", "変換先の文字コードにありません"};
        case Trouble::lost:
            return {"it would come back as another character", "逆変換で別の文字になります"};
        case Trouble::renamed:
            return {"it comes back as another code of the same character",
                    "逆変換で同じ文字の別のコードになります"};
    }
    return {};
}

// A stream, of whose first block the begin is looked at before all are converted.
class BlockSource {
public:
    explicit BlockSource(const file::Input& input) : source_({&input, 1}, extract::segment_bytes) {}

    Expected<void, Diagnostic> begin() {
        auto first = source_.next();
        if (!first) return Unexpected{std::move(first).error()};
        first_ = std::move(*first);
        return {};
    }
    const file::Input& first_block() const noexcept { return *first_->block; }
    Expected<std::unique_ptr<const csv::Segment>, Diagnostic> next() {
        if (first_) return std::move(first_);
        return source_.next();
    }

private:
    csv::SegmentSource source_;
    std::unique_ptr<const csv::Segment> first_;
};

// Runs once over a file, to an output or to none.
class Pass {
public:
    Pass(const ConversionOptions& options, const file::Input& input, DiagnosticSink* sink,
         ConversionOutcome& outcome)
        : options_(options), input_(input), sink_(sink), outcome_(outcome) {}

    // A stream's blocks are those of `source`.
    Expected<void, Diagnostic> run(const conversion::Rule& rule, std::uint64_t begin,
                                   std::string_view mark, BlockSource& source, file::Output* output,
                                   file::Output* list);

private:
    Expected<void, Diagnostic> take(const Part& part, file::Output* output, file::Output* list);
    void tell(const Fault& fault);
    std::string item_of(std::uint32_t column_number) const;
    std::uint64_t row_number_of(std::uint64_t line) const noexcept {
        return line - (options_.header ? 1 : 0);
    }

    const ConversionOptions& options_;
    const file::Input& input_;
    DiagnosticSink* sink_;  // nullptr: all was told before
    ConversionOutcome& outcome_;
    std::uint64_t lines_ = 0;
    std::array<std::uint64_t, 2> told_{};  // FIL002, TXT004
};

std::string Pass::item_of(std::uint32_t column_number) const {
    const bool is_named =
        options_.layout != nullptr && column_number <= options_.layout->items.size();
    return is_named ? options_.layout->items[column_number - 1].name
                    : fmt::to_string(column_number);
}

void Pass::tell(const Fault& fault) {
    std::uint64_t& count = fault.trouble == Trouble::invalid   ? outcome_.invalid
                           : fault.trouble == Trouble::renamed ? outcome_.renamed
                                                               : outcome_.misfits;
    ++count;
    const Code code = code_of(fault.trouble);
    if (told_[code == Code::FIL002 ? 0 : 1]++ >= options_.max_findings)
        return sink_->count(code, severity_of(fault.trouble), 1);
    Diagnostic diagnostic;
    diagnostic.code = code;
    diagnostic.severity = severity_of(fault.trouble);
    const std::uint64_t line = lines_ + fault.row + 1;
    diagnostic.at = {1, line, row_number_of(line), fault.column_number};
    diagnostic.byte_number = fault.byte_number;
    if (fault.trouble != Trouble::invalid) diagnostic.found = CodePoint{fault.code_point};
    if (options_.layout != nullptr && fault.column_number <= options_.layout->items.size())
        name_item(diagnostic, options_.layout->items[fault.column_number - 1]);
    diagnostic.detail = detail_of(fault.trouble);
    sink_->emit(diagnostic);
}

Expected<void, Diagnostic> Pass::take(const Part& part, file::Output* output, file::Output* list) {
    if (sink_ != nullptr)
        for (const Fault& fault : part.told.faults) tell(fault);
    if (list != nullptr) {
        std::string lines;
        for (const auto& replaced : part.told.replaced)
            extract::append_replaced(lines, row_number_of(lines_ + replaced.row + 1),
                                     item_of(replaced.column_number), replaced.code_point,
                                     *replaced.replacement);
        outcome_.replaced += part.told.replaced.size();
        if (auto written = list->write(lines); !written) return written;
    }
    lines_ += part.rows;
    const bool is_refused = outcome_.invalid != 0 || outcome_.misfits != 0;
    if (output == nullptr || is_refused) return {};
    outcome_.bytes_written += part.size_bytes;
    return output->write({part.bytes.data(), part.size_bytes});
}

Expected<void, Diagnostic> Pass::run(const conversion::Rule& rule, std::uint64_t begin,
                                     std::string_view mark, BlockSource& source,
                                     file::Output* output, file::Output* list) {
    conversion::Workshop workshop(rule);
    if (auto opened = workshop.open(); !opened) return opened;
    if (output != nullptr) {
        outcome_.bytes_written = mark.size();
        if (auto written = output->write(mark); !written) return written;
    }
    if (list != nullptr)
        if (auto written = list->write(extract::replaced_header); !written) return written;
    const auto convert = [&](const csv::Segment& segment) {
        if (!segment.block || !segment.first_of_file) return workshop.convert(input_, segment);
        csv::Segment unmarked = segment;
        unmarked.begin = begin;
        return workshop.convert(input_, unmarked);
    };
    const auto take_part = [&](const csv::Segment& segment, Part&& part) {
        auto taken = take(part, output, list);
        workshop.give_back(std::move(part));
        if (segment.block) outcome_.bytes_read += segment.end;
        if (options_.progress)
            options_.progress(segment.block ? outcome_.bytes_read : segment.end,
                              outcome_.bytes_read);
        return taken;
    };
    auto done = input_.is_stream() ? csv::run_each<Part>([&] { return source.next(); },
                                                         options_.threads, convert, take_part)
                                   : csv::run_segments<Part>(extract::cut(input_, begin),
                                                             options_.threads, convert, take_part);
    if (!done) return done;
    outcome_.rows = lines_ - (options_.header && lines_ != 0 ? 1 : 0);
    return {};
}

// How the file begins: where its first row does, and how its rows end.
struct Start {
    text::RowFeed feed;
    std::uint64_t begin = 0;
    bool has_mark = false;
};

Expected<Start, Diagnostic> find_start(const file::Input& input, Encoding encoding) {
    constexpr std::size_t look_bytes = std::size_t{256} << 10;
    std::string start(look_bytes, '\0');
    const auto got = input.read_at(0, start);
    if (!got) return Unexpected{got.error()};
    start.resize(*got);
    Start found{.feed = text::find_row_feed(encoding, start)};
    const std::string_view mark = text::byte_order_mark(encoding);
    found.has_mark = !mark.empty() && start.starts_with(mark);
    if (found.has_mark) found.begin = mark.size();
    for (const Encoding other : {Encoding::utf8, Encoding::utf16le, Encoding::utf16be})
        if (other != encoding && start.starts_with(text::byte_order_mark(other)))
            return Unexpected{trouble(Code::FIL003, input.path(), 0,
                                      {"it is that of another encoding than the one given",
                                       "指定と異なる文字コードのBOMです"})};
    return found;
}

Unexpected<Diagnostic> wrong(Code code, const std::string& path, PublicText detail) {
    return Unexpected{trouble(code, path, 0, std::move(detail))};
}

Expected<void, Diagnostic> judge(const ConversionOptions& options) {
    if (options.characters_path.empty() != options.replaced_path.empty())
        return wrong(Code::SYS004, {},
                     {"a table of external characters and a list of what it replaces go together",
                      "外字の対応表と置換一覧は一緒に指定します"});
    if (file::is_same_file(options.input, options.output) ||
        file::is_same_file(options.input, options.replaced_path))
        return wrong(Code::SYS002, options.output,
                     {"it would replace the input", "入力ファイルを上書きします"});
    return {};
}

// A stream is taken as it comes where it is read once, and its rows end with the byte LF.
Expected<file::Input, Diagnostic> open_input(const ConversionOptions& options, bool reads_twice) {
    const text::RowFeed feed{.encoding = options.from};
    if (!reads_twice && feed.bytes() == "\n") return file::Input::open_file(options.input);
    return file::Input::open(options.input, options.work_folder);
}

Expected<void, Diagnostic> publish(file::Output* list, file::Output& output) {
    if (list != nullptr)
        if (auto published = list->publish(); !published) return published;
    return output.publish();
}

}  // namespace

Expected<ConversionOutcome, Diagnostic> convert_file(const ConversionOptions& options,
                                                     DiagnosticSink& sink) {
    if (auto good = judge(options); !good) return Unexpected{std::move(good).error()};
    conversion::Rule rule;
    rule.quote = options.quote;
    std::optional<extract::CharacterMap> characters;
    std::optional<file::Output> list;
    if (!options.characters_path.empty()) {
        auto map = extract::read_characters(options.characters_path, options.from, options.accepted,
                                            options.as_of, options.characters_layout);
        if (!map) return Unexpected{std::move(map).error()};
        characters = std::move(*map);
        rule.characters = &*characters;
        auto created = file::Output::create(options.replaced_path, options.overwrite);
        if (!created) return Unexpected{std::move(created).error()};
        list.emplace(std::move(*created));
    }
    // What is written to standard output is there at once: it is looked through before.
    const bool is_streamed = options.output == "-";
    const auto input = open_input(options, is_streamed);
    if (!input) return Unexpected{input.error()};
    BlockSource source(*input);
    if (input->is_stream())
        if (auto begun = source.begin(); !begun) return Unexpected{std::move(begun).error()};
    const auto start = find_start(input->is_stream() ? source.first_block() : *input, options.from);
    if (!start) return Unexpected{start.error()};
    rule.from = start->feed;
    rule.to = {.encoding = options.to, .is_newline = options.newline};
    auto output = file::Output::create(options.output, options.overwrite);
    if (!output) return Unexpected{std::move(output).error()};

    ConversionOutcome outcome;
    outcome.bytes_read = input->size_bytes();
    const bool is_marked = options.byte_order_mark || start->has_mark;
    const std::string_view mark =
        is_marked ? text::byte_order_mark(options.to) : std::string_view();
    file::Output* const list_output = list ? &*list : nullptr;
    auto done =
        Pass(options, *input, &sink, outcome)
            .run(rule, start->begin, mark, source, is_streamed ? nullptr : &*output, list_output);
    if (!done) return Unexpected{std::move(done).error()};
    if (options.expect_rows && *options.expect_rows != outcome.rows) {
        Diagnostic fault = trouble(Code::SUM001, input->path());
        fault.wanted = *options.expect_rows;
        fault.found = outcome.rows;
        return Unexpected{std::move(fault)};
    }
    if (outcome.invalid != 0 || outcome.misfits != 0) return outcome;
    if (is_streamed) {
        auto written = Pass(options, *input, nullptr, outcome)
                           .run(rule, start->begin, mark, source, &*output, nullptr);
        if (!written) return Unexpected{std::move(written).error()};
    }
    if (auto published = publish(list_output, *output); !published)
        return Unexpected{std::move(published).error()};
    outcome.is_published = true;
    return outcome;
}

}  // namespace tsunagi
