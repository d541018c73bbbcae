#include "ledger/words.hpp"

namespace tsunagi::ledger {

std::string join_words(const std::vector<std::string>& words) {
    std::string text;
    for (const std::string& word : words) {
        if (!text.empty()) text += ' ';
        text += word;
    }
    return text;
}

std::vector<std::string> split_words(std::string_view text) {
    std::vector<std::string> words;
    while (!text.empty()) {
        const std::size_t end = text.find(' ');
        if (end != 0) words.emplace_back(text.substr(0, end));
        if (end == std::string_view::npos) break;
        text.remove_prefix(end + 1);
    }
    return words;
}

std::string bytes_of_hex(std::string_view hex) {
    const auto digit = [](char c) {
        if (c >= '0' && c <= '9') return c - '0';
        return c >= 'a' && c <= 'f' ? c - 'a' + 10 : 0;
    };
    std::string bytes;
    for (std::size_t i = 0; i + 1 < hex.size(); i += 2)
        bytes.push_back(static_cast<char>(digit(hex[i]) << 4 | digit(hex[i + 1])));
    return bytes;
}

std::string_view name_of(Server server) noexcept {
    switch (server) {
        case Server::none: return "";
        case Server::production: return "production";
        case Server::rehearsal: return "rehearsal";
    }
    return "";
}

std::optional<Server> find_server(std::string_view name) noexcept {
    for (const Server server : {Server::none, Server::production, Server::rehearsal})
        if (name == name_of(server)) return server;
    return std::nullopt;
}

Server server_of(std::string_view reception_number) noexcept {
    return reception_number.starts_with("REHEARSAL") ? Server::rehearsal : Server::production;
}

}  // namespace tsunagi::ledger
