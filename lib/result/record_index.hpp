#pragma once
// From a record_id to the record that was sent under it.

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "file/large_pages.hpp"
#include "result/members.hpp"
#include "result/record_id.hpp"

namespace tsunagi::result {

// What became of a sent record.
enum class SentState : std::uint8_t { unanswered, waiting, accepted, refused, contradicted };

struct Sent {
    std::uint64_t record_id = 0;
    MemberIndex member = 0;
    std::uint32_t line_number = 0;  // in its bulk file
    std::uint32_t answer = 0;       // number of its result row, over all result files; 0: none
    std::uint16_t file_index = 0;   // among the bulk files
    char change_type = '1';
    SentState state = SentState::unanswered;
};

// Record ids of a run follow one another: then nothing is kept of them. With gaps it is four bytes
// for each; others are sorted.
class RecordIndex {
public:
    // `again(earlier, later)` is called for every record whose id was used before.
    template <class Again>
    void build(std::span<const Sent> sent, const Again& again) {
        prepare(sent);
        if (follow_one_another_) return;
        for (std::size_t i = 0; i < sent.size(); ++i) {
            const auto earlier = add(sent[i].record_id, static_cast<std::uint32_t>(i));
            if (earlier) again(*earlier, static_cast<std::uint32_t>(i));
        }
    }
    std::optional<std::uint32_t> find(std::uint64_t record_id) const noexcept {
        if (!follow_one_another_) return look_up(record_id);
        if (record_id < first_ || record_id > last_) return std::nullopt;
        return static_cast<std::uint32_t>(record_id - first_);
    }
    std::uint64_t last_id() const noexcept { return last_; }

private:
    static constexpr std::uint32_t none = 0xFFFF'FFFF;
    void prepare(std::span<const Sent> sent);
    std::optional<std::uint32_t> look_up(std::uint64_t record_id) const noexcept;
    std::optional<std::uint32_t> add(std::uint64_t record_id, std::uint32_t index) noexcept;

    std::uint64_t first_ = 0;
    std::uint64_t last_ = 0;
    bool follow_one_another_ = false;
    std::vector<std::uint32_t, file::LargePages<std::uint32_t>> dense_;
    std::vector<std::pair<std::uint64_t, std::uint32_t>> sorted_;
};

}  // namespace tsunagi::result
