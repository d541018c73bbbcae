#pragma once
// The society that does not exist: its households as they are on one day, and what becomes of them.

#include <cstdint>
#include <optional>

#include "composition/person.hpp"
#include "composition/random.hpp"
#include "composition/tables.hpp"

namespace tsunagi::composition {

// Every household is a function of the seed and its position. Nobody is 75, no period is open
// beyond the insured person's, and no dependant was acquired before: a society without a fault.
// Namesakes born on one day happen, as they do.
class Society {
public:
    // `tables` must outlive this.
    Society(const Tables& tables, std::uint64_t seed, Day as_of) noexcept
        : tables_(&tables), seed_(seed), as_of_(as_of) {}

    // The household as it is on the day. Ids and numbers are the caller's.
    void compose(std::uint64_t position, Household& household) const;

    // What happened to it in the days after: it leaves, moves, marries, has a child, a child takes
    // work, or it is dropped from the books. A person who joins has id 0.
    void go_on(Household& household, std::uint32_t days) const;

    // A household that was hired in the days after.
    void hire(std::uint64_t position, std::uint32_t days, Household& household) const;

private:
    void add_insured(Random& random, Household& household) const;
    void add_spouse(Random& random, Household& household, Day horizon) const;
    void add_children(Random& random, Household& household, Day horizon) const;
    void add_parents(Random& random, Household& household, Day horizon) const;
    void add_parent(Random& random, Household& household, Day horizon, Sex sex) const;
    void lose(Random& random, Household& household) const;
    Address address(Random& random) const;

    // One more, with the surname of the insured person; nothing where no given name is left.
    Person* add_relative(Random& random, Household& household, Relation relation, Sex sex,
                         Day birth) const;
    int age_of(const Person& person) const noexcept;

    void leave(Random& random, Household& household, Day event) const;
    void marry(Random& random, Household& household, Day event) const;
    void bear(Random& random, Household& household, Day event) const;
    void send_to_work(Household& household, Day event) const;

    const Tables* tables_;
    std::uint64_t seed_;
    Day as_of_;
};

}  // namespace tsunagi::composition
