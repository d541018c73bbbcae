#include "file/large_pages.hpp"

#include <sys/mman.h>

namespace tsunagi::file {

void* take_pages(std::size_t size_bytes) {
    void* const pages =
        ::mmap(nullptr, size_bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (pages == MAP_FAILED) throw std::bad_alloc{};
    ::madvise(pages, size_bytes, MADV_HUGEPAGE);  // a wish: small pages do as well
    return pages;
}

void give_back_pages(void* pages, std::size_t size_bytes) noexcept { ::munmap(pages, size_bytes); }

}  // namespace tsunagi::file
