#pragma once
// What a worker leaves for the next part: buffers that were grown once are used again.

#include <utility>
#include <vector>

namespace tsunagi::csv {

// The last of them, or a new one.
template <class T>
T take_last(std::vector<T>& stock) {
    if (stock.empty()) return T{};
    T last = std::move(stock.back());
    stock.pop_back();
    return last;
}

}  // namespace tsunagi::csv
