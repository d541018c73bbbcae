#include "release/difference_writer.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "csv/writer.hpp"
#include "release/listing.hpp"

namespace tsunagi::release {

Expected<void, Diagnostic> DifferenceWriter::write(const Title& title, const std::string& folder,
                                                   ReleaseOutcome& outcome) {
    auto output = file::OutputFolder::open(folder, [this](std::string_view name) {
        return std::ranges::any_of(setup_.masters, [name](const Master& master) {
            return master.layout->file_name == name;
        });
    });
    if (!output) return Unexpected{std::move(output).error()};
    output_ = &*output;
    const auto compared =
        compare(before_, after_, [&](const Difference& difference) -> Expected<void, Diagnostic> {
            count(difference, outcome);
            if (auto begun = begin_until(difference.master); !begun) return begun;
            return write_row(difference);
        });
    if (!compared) return compared;
    if (auto begun = begin_until(setup_.masters.size() - 1); !begun) return begun;
    if (auto finished = output->finish(); !finished) return finished;
    auto published = output->publish(manifest(title));
    if (!published) return Unexpected{std::move(published).error()};
    outcome.is_written = true;
    outcome.was_there = *published == file::OutputFolder::Outcome::already_there;
    return {};
}

Expected<void, Diagnostic> DifferenceWriter::begin_until(std::size_t master) {
    while (rows_.size() <= master) {
        auto begun = output_->begin(setup_.masters[rows_.size()].layout->file_name);
        if (!begun) return begun;
        rows_.push_back(0);
    }
    return {};
}

Expected<void, Diagnostic> DifferenceWriter::write_row(const Difference& difference) {
    const Master& master = setup_.masters[difference.master];
    auto fields =
        split_fields(difference.after ? after_.text(difference.master, *difference.after)
                                      : before_.text(difference.master, *difference.before));
    fields[master.update_kind] = !difference.before ? "1" : difference.after ? "2" : "3";
    std::string row;
    append_row(row, fields);
    ++rows_.back();
    return output_->write(row);
}

void DifferenceWriter::append_row(std::string& out,
                                  std::span<const std::string_view> fields) const {
    const Profile& profile = setup_.schema.profile();
    for (std::size_t i = 0; i < fields.size(); ++i) {
        if (i != 0) out += ',';
        csv::append_field(out, fields[i], profile.quote);
    }
    out += csv::line_end_text(profile.line_end);
}

// The items of the manifest by their names: a profile may have them in another order.
std::string DifferenceWriter::manifest(const Title& title) const {
    const Layout& layout = *setup_.schema.find_layout(manifest_layout);
    std::string out;
    for (std::size_t i = 0; i < rows_.size(); ++i) {
        const std::string rows = fmt::to_string(rows_[i]);
        const std::array<std::pair<std::string_view, std::string_view>, 8> values{
            {{"release", title.release},
             {"apply_kind", title.is_difference ? "2" : "1"},
             {"base_release", title.base_release},
             {"purpose", title.purpose},
             {"issued_on", title.issued_on},
             {"master_kind", setup_.masters[i].kind},
             {"row_count", rows},
             {"sha256", output_->files()[i].sha256}}};
        std::vector<std::string_view> fields(layout.items.size());
        for (const auto& [name, value] : values)
            if (const auto at = layout.index_of(name)) fields[*at] = value;
        append_row(out, fields);
    }
    return out;
}

}  // namespace tsunagi::release
