#pragma once
// From a header, a mapping table and a layout to a plan.

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "extract/extract.hpp"

namespace tsunagi::extract {

class PlanMaker {
public:
    PlanMaker(const Extract& extract, const Profile& profile, const Layout& layout,
              StepTables tables);
    // The errors of Extract::open that are about the header's titles and the mapping table.
    Expected<std::shared_ptr<const Plan>, Diagnostic> make(
        const std::string& mapping_path, std::span<const std::string_view> needed);

private:
    enum class Found { no, once, twice };
    Found find_title(std::string_view title, std::size_t& column) const;
    Expected<void, Diagnostic> place(const std::string& mapping_path, MappingRow row);
    std::optional<Diagnostic> find_sources(const std::string& mapping_path, const MappingRow& row,
                                           std::vector<std::size_t>& columns) const;
    Expected<void, Diagnostic> place_by_name(std::size_t item_index, bool is_needed);
    Diagnostic item_fault(std::size_t item_index, PublicText detail) const;
    void prepare_refusals(const Profile& profile);

    const Extract& extract_;
    const Layout& layout_;
    std::shared_ptr<Plan> plan_;
};

}  // namespace tsunagi::extract
