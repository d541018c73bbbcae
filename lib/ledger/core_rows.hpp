#pragma once
// A core extract read for the ledger: every row mapped and tagged on all threads, taken in order.

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "extract/extract.hpp"
#include "extract/mapper.hpp"
#include "ledger/book.hpp"
#include "ledger/tag_plan.hpp"
#include "ledger/tags.hpp"

#include <tsunagi/diagnostic.hpp>
#include <tsunagi/expected.hpp>
#include <tsunagi/schema.hpp>

namespace tsunagi::ledger {

inline constexpr std::string_view member_layout = "member-info";

struct CoreRow {
    std::uint64_t row = 0;  // from 1
    std::string member_id;
    std::string branch_number;
    RecordTags tags;
    RecordTags tags_before{};  // under the other tagger, where one was given
};

struct CoreRead {
    std::uint64_t rows = 0;
    std::uint64_t faults = 0;
};

class CoreRows {
public:
    static Expected<CoreRows, Diagnostic> open(const Schema& schema, const ExtractOptions& core,
                                               Moment as_of);

    const TagPlan& plan() const noexcept { return plan_; }
    const std::string& path() const noexcept { return extract_.path(); }
    // Of the extract and its plan. SYS001.
    Expected<digest::Sha256Digest, Diagnostic> fingerprint() const;
    using MakeTagger = std::function<Tagger(const Layout&, Encoding)>;
    using Take = std::function<Expected<void, Diagnostic>(CoreRow&&)>;
    // Calls `take` for every row without a fault; faults go to `sink`.
    Expected<CoreRead, Diagnostic> read(const MakeTagger& make_tagger,
                                        const MakeTagger& make_tagger_before, unsigned threads,
                                        const Take& take, DiagnosticSink& sink) const;
    // A fault of a row that is told by the caller.
    void tell(DiagnosticSink& sink, Diagnostic diagnostic) const;
    Location place_of(std::uint64_t row, std::size_t item) const noexcept;
    std::size_t branch_item() const noexcept { return branch_; }

private:
    struct Fault {
        std::uint64_t row = 0;
        Code code{};
        std::optional<std::size_t> item{};
        std::uint64_t fields = 0;
    };
    struct Part {
        std::vector<CoreRow> rows;
        std::vector<Fault> faults;
        std::uint64_t count = 0;
        bool is_cut = false;
    };
    CoreRows(const Schema& schema, const Layout& layout, extract::Extract extract, TagPlan plan);
    Expected<Part, Diagnostic> read_part(const csv::Segment& segment, const MakeTagger& make_tagger,
                                         const MakeTagger& make_tagger_before) const;
    std::optional<Fault> fault_of(const extract::Reader& reader, std::uint64_t row) const;
    void tell(const Part& part, std::uint64_t rows_before, DiagnosticSink& sink) const;

    const Schema* schema_;
    const Layout* layout_;
    extract::Extract extract_;
    TagPlan plan_;
    std::size_t member_id_ = 0;
    std::size_t branch_ = 0;
};

}  // namespace tsunagi::ledger
