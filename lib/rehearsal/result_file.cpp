#include "rehearsal/result_file.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "csv/writer.hpp"
#include "text/conversion.hpp"

namespace tsunagi::rehearsal {

namespace {

constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

Diagnostic wrong_layout(const Layout& layout, const Profile& profile, PublicText detail) {
    return trouble(Code::LAY001, profile.folder + "/" + layout.id + ".csv", 0, std::move(detail));
}

}  // namespace

Expected<ResultFile, Diagnostic> ResultFile::of(const Layout& layout, const Profile& profile) {
    static constexpr std::array<std::pair<std::string_view, Source>, 11> names{{
        {"reception_number", Source::reception_number},
        {"record_id", Source::record_id},
        {"member_id", Source::member_id},
        {"record_key", Source::member_id},
        {"change_type", Source::change_type},
        {"result_class", Source::result_class},
        {"result_code", Source::result_code},
        {"result_message", Source::result_message},
        {"branch_number", Source::branch_number},
        {"code_status", Source::code_status},
        {"processed_at", Source::processed_at},
    }};
    for (const char* const needed : {"record_id", "result_class", "branch_number"}) {
        if (layout.index_of(needed)) continue;
        auto reason = wrong_layout(layout, profile, {"a result layout needs this item",
                                                     "結果のレイアウトに必要な項目がありません"});
        reason.field = needed;
        return Unexpected{std::move(reason)};
    }
    ResultFile file{layout, profile};
    for (const Item& item : layout.items) {
        const auto found =
            std::ranges::find(names, item.name, &std::pair<std::string_view, Source>::first);
        file.sources_.push_back(found == names.end() ? Source::none : found->second);
    }
    for (std::size_t refusal = 0; refusal < refusal_count; ++refusal) {
        std::string& message = file.messages_.emplace_back();
        const auto converted = text::convert(entry_of(static_cast<Refusal>(refusal)).message,
                                             Encoding::utf8, profile.encoding, message);
        if (!converted.ok())
            return Unexpected{wrong_layout(layout, profile,
                                           {"the encoding has no room for the result messages",
                                            "処理結果メッセージを表せない文字コードです"})};
    }
    return file;
}

Expected<std::string, Diagnostic> ResultFile::beginning() const {
    std::string out;
    if (profile_->byte_order_mark) out += byte_order_mark;
    if (!profile_->header) return out;
    bool is_first = true;
    for (const Item& item : layout_->items) {
        std::string label;
        if (!text::convert(item.label, Encoding::utf8, profile_->encoding, label).ok())
            return Unexpected{wrong_layout(*layout_, *profile_,
                                           {"an item name is not in the profile's encoding",
                                            "項目名がプロファイルの文字コードで表せません"})};
        if (!std::exchange(is_first, false)) out += ',';
        csv::append_field(out, label, profile_->quote);
    }
    out += csv::line_end_text(profile_->line_end);
    return out;
}

std::string_view ResultFile::text_of(Source source, const Reception& reception,
                                     const Answer& answer) const noexcept {
    const bool is_accepted = answer.refusal == Refusal::none;
    switch (source) {
        case Source::none: break;
        case Source::reception_number: return reception.reception_number;
        case Source::record_id: return answer.record_id;
        case Source::member_id: return answer.member_id;
        case Source::change_type: return answer.change_type;
        case Source::result_class: return is_accepted ? "1" : "9";
        case Source::result_code: return entry_of(answer.refusal).result_code;
        case Source::result_message: return messages_[static_cast<std::size_t>(answer.refusal)];
        case Source::branch_number: return answer.branch_number;
        // What was refused has no institution code.
        case Source::code_status: return is_accepted ? "1" : "0";
        case Source::processed_at: return reception.processed_at;
    }
    return {};
}

void ResultFile::append_row(const Reception& reception, const Answer& answer,
                            std::string& out) const {
    bool is_first = true;
    for (const Source source : sources_) {
        if (!std::exchange(is_first, false)) out += ',';
        csv::append_field(out, text_of(source, reception, answer), profile_->quote);
    }
    out += csv::line_end_text(profile_->line_end);
}

}  // namespace tsunagi::rehearsal
