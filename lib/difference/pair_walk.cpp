#include "difference/pair_walk.hpp"

#include <algorithm>
#include <atomic>
#include <memory>
#include <string_view>
#include <utility>

#include "csv/row_fetch.hpp"
#include "csv/row_reader.hpp"
#include "difference/distinct_tags.hpp"
#include "difference/pair_chunks.hpp"
#include "difference/raw_rows.hpp"
#include "file/large_pages.hpp"
#include "text/ascii.hpp"

namespace tsunagi::difference {

namespace {

constexpr std::uint64_t row_bytes_guess = 64;  // at the least, as a rule
constexpr std::size_t rows_ahead = 4096;       // that may stand between a row and its fellow
constexpr std::size_t left_allowed = 1000;     // and a tenth of the rows: others are cheaper judged
constexpr std::size_t left_part = 10;

bool is_plain(FieldText id) noexcept {
    return !id.is_blank() && text::all_ascii(id.personal_data());
}

}  // namespace

struct PairWalk::Part {
    std::vector<OldMember> old_left{};
    std::vector<LeftRow> new_left{};
    std::vector<std::uint64_t> segment_rows{};  // of NEW, before each segment of the chunk
    std::uint64_t old_rows = 0;
    std::uint64_t new_rows = 0;
    std::optional<TagBuckets> tags{};  // of OLD
    bool is_ordinary = true;
};

namespace {

// The tags of rows that were left lately, to find the fellow of a row that stands elsewhere.
class Ahead {
public:
    void clear() noexcept { tags_.clear(); }
    void add(std::uint64_t tag) {
        if (tags_.size() == rows_ahead) tags_.erase(tags_.begin(), tags_.begin() + rows_ahead / 2);
        tags_.push_back(tag);
    }
    // Forgets that tag and what was left before it; false where it is not there.
    bool take(std::uint64_t tag) {
        const auto found = std::ranges::find(tags_, tag);
        if (found == tags_.end()) return false;
        tags_.erase(tags_.begin(), found + 1);
        return true;
    }

private:
    std::vector<std::uint64_t> tags_;
};

template <class Part>
class ChunkWalk {
public:
    ChunkWalk(const Setup& setup, const PairForm& form, const PairChunk& chunk)
        : setup_(setup),
          form_(form),
          chunk_(chunk),
          segment_(chunk.first_segment),
          old_reader_(setup.old_extract->input(), Quote::minimal, chunk.old_begin, chunk.old_end),
          new_rows_(setup.new_extract.input(), chunk.new_begin),
          new_fetch_(setup.new_extract.input(), Quote::minimal),
          mapper_(setup.old_plan) {
        std::vector<std::size_t> columns{form.id_column};
        if (form.id_column + 1 != form.old_columns) columns.push_back(form.old_columns - 1);
        old_reader_.give_only(std::move(columns));
        tags_.reserve((chunk.old_end - chunk.old_begin) / row_bytes_guess);
    }

    Expected<Part, Diagnostic> go() {
        auto done = step_both();
        while (done && part_.is_ordinary && has_old_ && has_new_) {
            const std::string_view wanted = unchanged_row();
            const auto matched = wanted.empty() ? std::size_t{0} : new_rows_.match(wanted);
            if (!matched) return Unexpected{matched.error()};
            if (*matched != 0) {
                new_size_ = *matched;
                old_ahead_.clear();
                new_ahead_.clear();
                done = step_both();
            } else {
                done = leave();
                const std::size_t left = part_.old_left.size() + part_.new_left.size();
                if (left > 2 * left_allowed && left > part_.new_rows) part_.is_ordinary = false;
            }
        }
        while (done && part_.is_ordinary && has_old_) {
            leave_old();
            done = step_old();
        }
        while (done && part_.is_ordinary && has_new_) {
            done = find_new();
            keep_new();
            if (done) done = step_new();
        }
        if (!done) return Unexpected{std::move(done).error()};
        while (part_.segment_rows.size() < chunk_.end_segment - chunk_.first_segment)
            part_.segment_rows.push_back(part_.new_rows);
        if (part_.is_ordinary) part_.tags.emplace(tags_);
        return std::move(part_);
    }

private:
    Expected<void, Diagnostic> step_both() {
        if (auto done = step_old(); !done) return done;
        return step_new();
    }
    Expected<void, Diagnostic> step_old() {
        const auto more = old_reader_.next(old_);
        if (!more) return Unexpected{more.error()};
        has_old_ = *more;
        if (!has_old_) return {};
        ++part_.old_rows;
        const bool is_whole = !old_.fault && old_.field_count == form_.old_columns &&
                              old_.end != csv::RowEnd::none &&
                              is_plain(old_.fields[form_.id_column]);
        if (!is_whole) {
            part_.is_ordinary = false;
            return {};
        }
        old_tag_ = setup_.keys.short_tag(old_.fields[form_.id_column].personal_data());
        tags_.push_back(old_tag_);
        return {};
    }
    Expected<void, Diagnostic> step_new() {
        new_rows_.skip(std::exchange(new_size_, 0));
        has_new_ = new_rows_.offset_bytes() < chunk_.new_end;
        if (!has_new_) return {};
        for (; segment_ < chunk_.end_segment &&
               new_rows_.offset_bytes() >= setup_.new_segments[segment_].begin;
             ++segment_)
            part_.segment_rows.push_back(part_.new_rows);
        ++part_.new_rows;
        return {};
    }

    // The row of NEW that the row of OLD would be, if nothing had changed: what stands before the
    // branch number. Blank where it has none.
    std::string_view unchanged_row() const noexcept {
        const std::string_view row = old_.bytes;
        const std::string_view branch = old_.fields[form_.old_columns - 1].personal_data();
        const std::size_t quote = row.back() == '"' ? 1 : 0;
        const std::size_t behind = branch.size() + 2 * quote + 1;  // with the comma
        const bool is_raw = !branch.empty() && behind <= row.size() &&
                            branch.data() + branch.size() + quote == row.data() + row.size() &&
                            row[row.size() - behind] == ',';
        if (!is_raw) return {};
        return form_.new_columns == form_.old_columns ? row : row.substr(0, row.size() - behind);
    }

    // Rows that are not the same: a change, or one side has a row more.
    Expected<void, Diagnostic> leave() {
        if (auto found = find_new(); !found) return found;
        const bool is_same = new_is_known_ && new_tag_.high == old_tag_;
        if (!is_same && new_ahead_.take(old_tag_)) {
            new_size_ = 0;  // it is still to come
            leave_old();
            return step_old();
        }
        if (!is_same && new_is_known_ && old_ahead_.take(new_tag_.high)) {
            keep_new();
            return step_new();
        }
        leave_old();
        keep_new();
        if (!is_same) {
            old_ahead_.add(old_tag_);
            if (new_is_known_) new_ahead_.add(new_tag_.high);
        }
        return step_both();
    }
    void leave_old() {
        old_reader_.split(old_);
        if (mapper_.map(old_)) {
            part_.is_ordinary = false;
            return;
        }
        part_.old_left.push_back(
            old_member(setup_, old_, mapper_.fields(), static_cast<std::uint32_t>(part_.old_rows)));
    }
    void keep_new() {
        part_.new_left.push_back({.tag = new_tag_,
                                  .offset_bytes = new_rows_.offset_bytes(),
                                  .row = static_cast<std::uint32_t>(part_.new_rows - 1),
                                  .is_known = new_is_known_});
    }
    // The size and the member_id of the row of NEW at hand.
    Expected<void, Diagnostic> find_new() {
        new_is_known_ = false;
        const auto size_bytes = new_rows_.size_bytes();
        if (!size_bytes) return Unexpected{size_bytes.error()};
        new_size_ = *size_bytes;
        if (new_size_ == 0) {
            part_.is_ordinary = false;
            return {};
        }
        const auto row = new_fetch_.find(new_rows_.offset_bytes());
        if (!row) return Unexpected{row.error()};
        if (*row == nullptr) return Unexpected{file_changed(setup_.new_extract.path())};
        if ((*row)->fault || (*row)->field_count != form_.new_columns) return {};
        const FieldText id = (*row)->fields[form_.id_column];
        if (id.is_blank()) return {};
        // Another encoding could make it another's.
        if (!text::all_ascii(id.personal_data())) part_.is_ordinary = false;
        new_tag_ = setup_.keys.tag(id.personal_data());
        new_is_known_ = true;
        return {};
    }

    const Setup& setup_;
    const PairForm& form_;
    const PairChunk& chunk_;
    std::size_t segment_;
    csv::RowReader old_reader_;
    RawRows new_rows_;
    csv::RowFetch new_fetch_;
    extract::Mapper mapper_;
    csv::Row old_;
    std::size_t new_size_ = 0;  // of the row at hand and its line end, once it is known
    bool has_old_ = false;
    bool has_new_ = false;
    std::uint64_t old_tag_ = 0;
    digest::WideTag new_tag_{};
    bool new_is_known_ = false;
    Ahead old_ahead_;
    Ahead new_ahead_;
    std::vector<std::uint64_t, file::LargePages<std::uint64_t>> tags_;
    Part part_;
};

}  // namespace

std::span<const LeftRow> PairWalk::left_of(std::size_t segment) const noexcept {
    const auto begin = std::ranges::lower_bound(left_, segment_rows_[segment], {}, &LeftRow::row);
    const auto end = std::ranges::lower_bound(left_, segment_rows_[segment + 1], {}, &LeftRow::row);
    return {begin, end};
}

void PairWalk::take(Part& part) {
    for (const std::uint64_t rows : part.segment_rows) segment_rows_.push_back(new_rows_ + rows);
    for (OldMember& member : part.old_left) {
        member.row += static_cast<std::uint32_t>(old_rows_);
        old_.add(member);
    }
    for (LeftRow& row : part.new_left) {
        row.row += static_cast<std::uint32_t>(new_rows_);
        left_.push_back(row);
    }
    old_rows_ += part.old_rows;
    new_rows_ += part.new_rows;
}

Expected<std::optional<PairWalk>, Diagnostic> PairWalk::go(const Setup& setup,
                                                           const Tables& tables) {
    const auto form = PairForm::find(setup);
    if (!form || !tables.cancel.rows().empty()) return std::optional<PairWalk>();
    const auto chunks = cut_chunks(setup, *form);
    if (!chunks) return Unexpected{chunks.error()};
    std::vector<csv::Segment> segments;  // one for each chunk
    for (const PairChunk& chunk : *chunks)
        segments.push_back({.begin = chunk.new_begin, .end = chunk.new_end});
    PairWalk walk;
    std::vector<TagBuckets> tags;
    std::atomic<bool> is_ordinary = true;
    const auto work = [&](const csv::Segment& segment) -> Expected<Part, Diagnostic> {
        if (!is_ordinary) return Part{.is_ordinary = false};
        const auto& chunk = (*chunks)[static_cast<std::size_t>(&segment - segments.data())];
        auto part = ChunkWalk<Part>(setup, *form, chunk).go();
        if (part && !part->is_ordinary) is_ordinary = false;
        return part;
    };
    const auto take = [&](const csv::Segment&, Part&& part) -> Expected<void, Diagnostic> {
        if (!part.is_ordinary) return {};
        walk.take(part);
        tags.push_back(std::move(*part.tags));
        return {};
    };
    const auto done = csv::run_segments<Part>(segments, setup.options.threads, work, take);
    if (!done) return Unexpected{done.error()};
    const bool is_cheaper = walk.left_.size() < left_allowed + walk.new_rows_ / left_part;
    if (!is_ordinary || !is_cheaper) return std::optional<PairWalk>();
    walk.segment_rows_.push_back(walk.new_rows_);
    std::vector<std::uint64_t> others;  // ids of NEW that none of the members left has
    for (const LeftRow& row : walk.left_)
        if (row.is_known && !walk.old_.find(row.tag)) others.push_back(row.tag.high);
    tags.emplace_back(others);
    if (!are_distinct(tags, setup.options.threads)) return std::optional<PairWalk>();
    walk.old_.add_others(walk.old_rows_ - walk.old_.size());
    return std::optional(std::move(walk));
}

}  // namespace tsunagi::difference
