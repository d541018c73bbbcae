#pragma once
/// A value, or the reason there is none. Its names are a subset of std::expected (C++23).

#include <cassert>
#include <utility>
#include <variant>

namespace tsunagi {

/// The reason, on its way into an Expected.
template <class E>
class Unexpected {
public:
    explicit Unexpected(E error) : error_(std::move(error)) {}
    const E& error() const& noexcept { return error_; }
    E&& error() && noexcept { return std::move(error_); }

private:
    E error_;
};

/// Errors  asking for what is not there is a mistake of ours and asserts.
template <class T, class E>
class [[nodiscard]] Expected {
public:
    using value_type = T;
    using error_type = E;

    Expected(T value) : state_(std::in_place_index<0>, std::move(value)) {}  // NOLINT: implicit
    template <class F>
    Expected(Unexpected<F> reason)  // NOLINT: implicit, as std::expected
        : state_(std::in_place_index<1>, std::move(reason).error()) {}

    bool has_value() const noexcept { return state_.index() == 0; }
    explicit operator bool() const noexcept { return has_value(); }

    T& value() & { return assert(has_value()), *std::get_if<0>(&state_); }
    const T& value() const& { return assert(has_value()), *std::get_if<0>(&state_); }
    T&& value() && { return assert(has_value()), std::move(*std::get_if<0>(&state_)); }
    T& operator*() & { return value(); }
    const T& operator*() const& { return value(); }
    T&& operator*() && { return std::move(*this).value(); }
    T* operator->() { return &value(); }
    const T* operator->() const { return &value(); }

    const E& error() const& { return assert(!has_value()), *std::get_if<1>(&state_); }
    E&& error() && { return assert(!has_value()), std::move(*std::get_if<1>(&state_)); }

private:
    std::variant<T, E> state_;
};

/// The work was done, or the reason it was not.
template <class E>
class [[nodiscard]] Expected<void, E> {
public:
    using value_type = void;
    using error_type = E;

    Expected() = default;
    template <class F>
    Expected(Unexpected<F> reason)  // NOLINT: implicit, as std::expected
        : state_(std::in_place_index<1>, std::move(reason).error()) {}

    bool has_value() const noexcept { return state_.index() == 0; }
    explicit operator bool() const noexcept { return has_value(); }
    const E& error() const& { return assert(!has_value()), *std::get_if<1>(&state_); }
    E&& error() && { return assert(!has_value()), std::move(*std::get_if<1>(&state_)); }

private:
    std::variant<std::monostate, E> state_;
};

}  // namespace tsunagi
