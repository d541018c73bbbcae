#pragma once
// Rows of NEW that are read and tagged while the ledger is still being read: what is compared with
// its members as soon as they are there.

#include <atomic>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "difference/setup.hpp"
#include "ledger/tagger.hpp"

namespace tsunagi::difference {

struct EarlyRow {
    digest::Tag record_tag{};  // no_tag: the row is to be judged, whatever the ledger says
    std::uint64_t offset_bytes = 0;
    std::uint32_t id_end = 0;  // in the ids of the part; they begin where those before end
};

// The rows of one segment.
struct EarlyPart {
    std::vector<EarlyRow> rows;
    std::string ids;
    bool is_cut = false;  // the last row has no line end

    std::string_view id_of(std::size_t row) const noexcept {
        const std::size_t begin = row == 0 ? 0 : rows[row - 1].id_end;
        return std::string_view(ids).substr(begin, rows[row].id_end - begin);
    }
};

// Memory   about 50 bytes a row that was read.
class EarlyRows {
public:
    // The first segments, until `is_enough`. A segment that cannot be read ends it: whoever reads
    // it again tells why.
    static EarlyRows read(const Setup& setup, ledger::Tagger tagger,
                          const std::atomic<bool>& is_enough);

    // nullptr: not read.
    const EarlyPart* part(std::size_t segment) const noexcept {
        return segment < parts_.size() ? &parts_[segment] : nullptr;
    }

private:
    std::vector<EarlyPart> parts_;
};

}  // namespace tsunagi::difference
