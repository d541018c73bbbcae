#include <tsunagi/composition.hpp>

#include <algorithm>
#include <optional>
#include <utility>

#include <tsunagi/identifier.hpp>

#include "composition/benefits.hpp"
#include "composition/fault.hpp"
#include "composition/row.hpp"
#include "composition/society.hpp"

namespace tsunagi {
namespace {

using composition::Day;
using composition::Household;
using composition::Person;

constexpr std::uint64_t members_max = 1'000'000'000;
constexpr std::uint32_t days_later_max = 3660;
constexpr std::size_t block_size_bytes = std::size_t{1} << 20;
// A society of employees with the legal prefix of societies (06), in Tokyo; nobody has this number.
constexpr std::string_view insurer_of_nobody = "06139992";
constexpr std::uint64_t added_per_household_max = 8;

Diagnostic usage(PublicText detail) { return trouble(Code::SYS004, {}, 0, std::move(detail)); }

Day day_of(Date date) noexcept { return Day{std::chrono::sys_days{std::chrono::days{date.days}}}; }

int digits_in(std::uint64_t value) noexcept {
    int digits = 1;
    for (; value >= 10; value /= 10) ++digits;
    return digits;
}

std::optional<PublicText> wrong_option(const CompositionOptions& options) {
    if (options.members < 1 || options.members > members_max)
        return PublicText{"the number of members must be 1 to 1000000000",
                          "加入者数は1から1000000000までです"};
    if (options.days_later > days_later_max)
        return PublicText{"the number of days must be 0 to 3660", "日数は0から3660までです"};
    if (!options.copy_layout.empty() &&
        (!composition::find_copy_kind(options.copy_layout) || !options.faults.empty() ||
         options.form != ComposedForm::core || options.columns != ComposedColumns::names))
        return PublicText{"secondary copies are composed of a layout that has them, without faults "
                          "and in columns of our names",
                          "副本の抽出データは、その様式、誤りなし、columns=namesだけで作成します"};
    const CivilDate as_of = civil_of(options.as_of);
    if (as_of.year < 1960 || as_of.year > 2099)
        return PublicText{"the as-of date must lie in 1960 to 2099",
                          "基準日は1960年から2099年までです"};
    if (!options.insurer_number.empty() &&
        judge_number(NumberKind::insurer, FieldText{options.insurer_number}) != NumberVerdict::good)
        return PublicText{"the insurer number is wrong", "保険者番号が不正です"};
    return std::nullopt;
}

}  // namespace

struct Composer::State {
    State(const CompositionOptions& composed, composition::Tables loaded)
        : options(composed),
          tables(std::move(loaded)),
          society(tables, options.seed, day_of(options.as_of)),
          numbers(composition::mix(options.seed)),
          writer(tables, composition::columns_of(options.form, options.columns),
                 options.insurer_number,
                 // The same width now and later, whoever joins.
                 std::max(7, digits_in(10 * options.members))),
          today(composition::days_after(day_of(options.as_of),
                                        static_cast<int>(options.days_later))) {
        if (const auto kind = composition::find_copy_kind(options.copy_layout))
            benefits.emplace(*kind, options.insurer_number, options.seed, today,
                             [this](std::uint64_t id, composition::Bytes& out) {
                                 out.put(writer.member_id(id));
                             });
    }

    std::optional<PublicText> plan_faults();
    void put_numbers();
    void put_household();
    bool compose_next();
    void place_fault();
    void number_persons();
    std::uint64_t added_id();

    CompositionOptions options;
    composition::Tables tables;
    composition::Society society;
    composition::NumberMaker numbers;
    composition::RowWriter writer;
    std::optional<composition::BenefitWriter> benefits;  // in place of the members
    Day today;

    composition::Bytes block{block_size_bytes + (block_size_bytes >> 3)};
    Household household;
    Household previous;
    bool previous_is_whole = false;  // a household before, without a fault

    std::uint64_t members_done = 0;
    std::uint64_t position = 0;
    std::uint64_t households = 0;  // of the society on its day; known when all members are done
    std::uint64_t hired_members = 0;
    std::uint64_t added = 0;  // to this household
    std::uint64_t rows = 0;
    bool is_begun = false;
    bool is_done = false;

    composition::FaultPlan plan;
    std::uint64_t spacing = 2;  // households from one fault to the next
    std::uint64_t next_fault = 2;
    std::vector<PlacedFault> placed;
};

std::optional<PublicText> Composer::State::plan_faults() {
    std::uint64_t kinds = 0;
    for (const std::string& name : options.faults) {
        const auto kind = composition::find_fault_kind(name);
        if (!kind && name != "all")
            return PublicText{"unknown kind of fault", "不明な誤りの種類です"};
        for (std::size_t each = 0; each < fault_kinds().size(); ++each) {
            if (kind && *kind != each) continue;
            if (options.rows_of_each_fault > 0) plan.add(each, options.rows_of_each_fault);
            ++kinds;
        }
    }
    // A household has two members more or less; the faults are spread over all of them.
    const std::uint64_t wanted = kinds * options.rows_of_each_fault;
    spacing = std::max<std::uint64_t>(2, options.members / 2 / (wanted + 1));
    next_fault = spacing;
    return std::nullopt;
}

std::uint64_t Composer::State::added_id() {
    // A function of the household, so that whoever joins has the same id in every later extract.
    return options.members + added_per_household_max * household.position + ++added;
}

void Composer::State::number_persons() {
    for (std::size_t index = 0; index < household.size; ++index) {
        Person& person = household.persons[index];
        if (person.id == 0) person.id = added_id();
        person.number = numbers.number(person.id);
    }
}

bool Composer::State::compose_next() {
    added = 0;
    if (members_done < options.members) {
        society.compose(position++, household);
        household.size = std::min<std::uint64_t>(household.size, options.members - members_done);
        for (std::size_t index = 0; index < household.size; ++index)
            household.persons[index].id = ++members_done;
        households = position;
        if (options.days_later > 0) society.go_on(household, options.days_later);
    } else {
        // One household in a hundred in a fortnight is hired.
        constexpr std::uint64_t days_of_rate = 14 * 100;
        const std::uint64_t hired =
            (households * options.days_later + days_of_rate / 2) / days_of_rate;
        if (position >= households + hired) return false;
        society.hire(position++, options.days_later, household);
        for (std::size_t index = 0; index < household.size; ++index)
            household.persons[index].id =
                options.members + added_per_household_max * households + ++hired_members;
    }
    number_persons();
    return true;
}

void Composer::State::place_fault() {
    const bool is_due = !plan.is_done() && position > next_fault && previous_is_whole &&
                        household.size > 0 && position <= households;
    previous_is_whole = household.size > 0;
    if (!is_due) {
        if (!plan.is_done()) previous = household;
        return;
    }
    composition::Scene scene{
        household,
        previous,
        tables,
        numbers,
        options.insurer_number,
        options.members + added_per_household_max * household.position + added + 1,
        0,
        today};
    const auto fault = plan.place(scene);
    if (!fault) {
        previous = household;
        return;
    }
    previous_is_whole = false;
    next_fault = position + spacing - 1;
    const FaultKind& kind = fault_kinds()[fault->kind];
    const std::uint64_t header_lines = options.form == ComposedForm::core ? 1 : 0;
    placed.push_back(PlacedFault{header_lines + rows + fault->person + 1,
                                 writer.member_id(household.persons[fault->person].id), kind.name,
                                 kind.codes});
}

void Composer::State::put_household() {
    if (!compose_next()) {
        is_done = true;
        return;
    }
    if (benefits) {
        rows += benefits->put_household(household, block);
        return;
    }
    place_fault();
    writer.begin(household);
    for (std::size_t index = 0; index < household.size; ++index)
        writer.put_row(household, index, ++rows, block);
}

// A list of numbers needs no households: the members are counted.
void Composer::State::put_numbers() {
    const composition::NumberDigits number = numbers.number(++members_done);
    block.put(std::string_view{number.data(), number.size()});
    block.put("\r\n");
    ++rows;
    is_done = members_done == options.members;
}

Composer::Composer(std::unique_ptr<State> state) noexcept : state_(std::move(state)) {}
Composer::Composer(Composer&&) noexcept = default;
Composer& Composer::operator=(Composer&&) noexcept = default;
Composer::~Composer() = default;

Expected<Composer, Diagnostic> Composer::open(const CompositionOptions& options) {
    if (auto wrong = wrong_option(options)) return Unexpected{usage(std::move(*wrong))};
    auto tables = composition::Tables::load(options.data_folder, options.encoding);
    if (!tables) return Unexpected{std::move(tables).error()};

    CompositionOptions completed = options;
    if (completed.insurer_number.empty()) completed.insurer_number = insurer_of_nobody;
    auto state = std::make_unique<State>(completed, std::move(*tables));
    if (auto wrong = state->plan_faults()) return Unexpected{usage(std::move(*wrong))};
    return Composer{std::move(state)};
}

std::string_view Composer::next_block() {
    State& state = *state_;
    state.block.clear();
    if (!state.is_begun && state.benefits)
        state.benefits->put_header(state.block);
    else if (!state.is_begun && state.options.form == ComposedForm::core)
        state.writer.put_header(state.block);
    state.is_begun = true;
    const bool only_numbers = state.options.form == ComposedForm::numbers &&
                              state.options.faults.empty() && state.options.days_later == 0;
    while (!state.is_done && state.block.size_bytes() < block_size_bytes) {
        if (only_numbers)
            state.put_numbers();
        else
            state.put_household();
    }
    return state.block.view();
}

std::uint64_t Composer::rows() const noexcept { return state_->rows; }
const std::vector<PlacedFault>& Composer::placed_faults() const noexcept { return state_->placed; }
std::uint64_t Composer::faults_left() const noexcept { return state_->plan.rows_left(); }

}  // namespace tsunagi
