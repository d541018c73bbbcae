#include "batch/key_store.hpp"

#include "batch/keys.hpp"
#include "batch/number_census.hpp"

namespace tsunagi::batch {

Expected<void, Diagnostic> KeyStore::add(Keys keys) {
    static_assert(columns == Keys::Columns::all().size());
    // The bytes a row that tsunagi-validate(1) and tsunagi-duplicates(1) state: a tag for each rule
    // and a stay, and what is dealt.
    static_assert(sizeof(Keys::Columns::numbers[0]) == 8 &&
                  sizeof(*DealingRoom{}.rows.data()) == 8 && sizeof(Stay) == 8 &&
                  sizeof(DealtNumbers::rests[0]) == 4);
    Part part{std::move(keys), rows_};
    rows_ += part.keys.rows();
    Keys::Columns& held = *part.keys.columns_;
    std::uint64_t size_bytes = 0;
    for (const auto column : Keys::Columns::all())
        size_bytes += (held.*column).capacity() * sizeof(std::uint64_t);
    const auto stays = overflow_.may_stay(size_bytes);
    if (!stays) return Unexpected{stays.error()};
    part.spilled = !*stays;
    for (std::size_t i = 0; part.spilled && i < columns; ++i) {
        const auto written = overflow_.spill_words(held.*Keys::Columns::all()[i]);
        if (!written) return Unexpected{written.error()};
        part.pieces[i] = *written;
    }
    parts_.push_back(std::move(part));
    return {};
}

Expected<std::span<const std::uint64_t>, Diagnostic> KeyStore::column(
    std::size_t part, Column column, std::vector<std::uint64_t>& buffer) const {
    const auto index = static_cast<std::size_t>(column);
    const Part& from = parts_[part];
    if (!from.spilled)
        return std::span<const std::uint64_t>((*from.keys.columns_).*Keys::Columns::all()[index]);
    return overflow_.words(from.pieces[index], buffer);
}

void KeyStore::release(Column column) {
    const auto held = Keys::Columns::all()[static_cast<std::size_t>(column)];
    for (Part& part : parts_) std::vector<std::uint64_t>().swap((*part.keys.columns_).*held);
}

}  // namespace tsunagi::batch
