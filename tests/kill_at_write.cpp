// kill-at-write N COMMAND...: runs a command and kills it just before its Nth system call that
// changes a disk. Ends with 137 where it was killed, else as the command did; 125 where the system
// does not let a program be watched.
// Between two such calls a kill leaves the same files, so N from 1 until nothing is killed is every
// moment that matters.

#include <fcntl.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>

namespace {

constexpr int killed_status = 137;
constexpr int trouble_status = 125;

constexpr std::array changing{
    SYS_write,     SYS_pwrite64,  SYS_writev,   SYS_pwritev,   SYS_fsync,
    SYS_fdatasync, SYS_ftruncate, SYS_unlinkat, SYS_renameat2, SYS_linkat,
    SYS_mkdirat,   SYS_fallocate, SYS_fchmod,   SYS_renameat,
#ifdef SYS_unlink  // calls that newer processors no longer have
    SYS_unlink,    SYS_rename,    SYS_link,     SYS_mkdir,
#endif
};

bool changes_disk(const __ptrace_syscall_info& info) noexcept {
    if (info.op != PTRACE_SYSCALL_INFO_ENTRY) return false;
    const auto number = static_cast<long>(info.entry.nr);
    if (number == SYS_openat) return (info.entry.args[2] & O_CREAT) != 0;
    return std::find(changing.begin(), changing.end(), number) != changing.end();
}

int give_up(const char* what) {
    std::perror(what);
    return trouble_status;
}

[[noreturn]] void run(char** command) {
    if (ptrace(PTRACE_TRACEME, 0, nullptr, nullptr) != 0) _exit(give_up("ptrace"));
    std::raise(SIGSTOP);
    execvp(command[0], command);
    _exit(give_up(command[0]));
}

// Watches the child, and its threads, until the Nth call or its end.
int watch(pid_t child, std::uint64_t calls_left) {
    int status = 0;
    if (waitpid(child, &status, 0) != child || !WIFSTOPPED(status)) return trouble_status;
    constexpr long options = PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACECLONE | PTRACE_O_EXITKILL;
    if (ptrace(PTRACE_SETOPTIONS, child, nullptr, options) != 0) return give_up("ptrace");
    pid_t stopped = child;
    long signal = 0;
    for (;;) {
        ptrace(PTRACE_SYSCALL, stopped, nullptr, signal);
        stopped = waitpid(-1, &status, __WALL);
        if (stopped < 0) return give_up("waitpid");
        if (!WIFSTOPPED(status)) {
            if (stopped != child) continue;
            return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
        }
        signal = 0;
        if (WSTOPSIG(status) == (SIGTRAP | 0x80)) {
            __ptrace_syscall_info info{};
            if (ptrace(PTRACE_GET_SYSCALL_INFO, stopped, sizeof info, &info) <= 0)
                return give_up("ptrace");
            if (!changes_disk(info) || --calls_left != 0) continue;
            kill(child, SIGKILL);
            // The process is gone when all its threads are waited for, the first one last.
            while (waitpid(-1, &status, __WALL) > 0) continue;
            return killed_status;
        }
        const bool is_ours = WSTOPSIG(status) == SIGTRAP || WSTOPSIG(status) == SIGSTOP;
        if (!is_ours) signal = WSTOPSIG(status);
    }
}

}  // namespace

int main(int argc, char** argv) {
    const std::uint64_t call = argc > 2 ? std::strtoull(argv[1], nullptr, 10) : 0;
    if (call == 0) {
        std::fputs("usage: kill-at-write N COMMAND...\n", stderr);
        return trouble_status;
    }
    const pid_t child = fork();
    if (child < 0) return give_up("fork");
    if (child == 0) run(argv + 2);
    return watch(child, call);
}
