#pragma once
// Room for tables of many millions: in large pages, where the system has them. Taking such room
// costs one page fault instead of hundreds, and looking into it at random misses no address cache.

#include <cstddef>
#include <new>
#include <type_traits>

namespace tsunagi::file {

// Zeroed pages straight from the system; std::bad_alloc where it has none left.
void* take_pages(std::size_t size_bytes);
void give_back_pages(void* pages, std::size_t size_bytes) noexcept;

// For containers. What is small comes from the heap as always. Pages that are never touched cost
// nothing, but they are touched many at a time.
template <class T>
struct LargePages {
    using value_type = T;

    LargePages() = default;
    template <class Other>
    LargePages(const LargePages<Other>&) noexcept {}

    T* allocate(std::size_t count) {
        const std::size_t size_bytes = count * sizeof(T);
        return static_cast<T*>(is_large(size_bytes) ? take_pages(size_bytes)
                                                    : ::operator new(size_bytes));
    }
    void deallocate(T* room, std::size_t count) noexcept {
        const std::size_t size_bytes = count * sizeof(T);
        if (is_large(size_bytes))
            give_back_pages(room, size_bytes);
        else
            ::operator delete(room);
    }
    friend bool operator==(const LargePages&, const LargePages&) noexcept { return true; }

private:
    static constexpr bool is_large(std::size_t size_bytes) noexcept {
        return size_bytes >= std::size_t{4} << 20U;
    }
};

// Room that is written before it is read, and whose content goes when it grows.
template <class T>
class LargeRoom {
    static_assert(std::is_trivially_copyable_v<T>);

public:
    LargeRoom() = default;
    LargeRoom(const LargeRoom&) = delete;
    LargeRoom& operator=(const LargeRoom&) = delete;
    ~LargeRoom() { give_back(); }

    void grow_to(std::size_t count) {
        if (count <= count_) return;
        give_back();  // before the new room is taken
        data_ = LargePages<T>().allocate(count);
        count_ = count;
    }
    T* data() const noexcept { return data_; }

private:
    void give_back() noexcept {
        if (data_ != nullptr) LargePages<T>().deallocate(data_, count_);
        data_ = nullptr;
        count_ = 0;
    }

    T* data_ = nullptr;
    std::size_t count_ = 0;
};

}  // namespace tsunagi::file
