// The one file that includes CLI11: its parser, and a help of our own shape.

#include "command_line.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

namespace tool {

using tsunagi::PublicText;
using tsunagi::Unexpected;

namespace {

std::vector<std::string> split_choices(const char* choices) {
    std::vector<std::string> out(1);
    for (const char* c = choices; *c != '\0'; ++c) {
        if (*c == '|')
            out.emplace_back();
        else
            out.back() += *c;
    }
    return out;
}

struct AddTarget {
    CLI::App& app;
    const Option& option;
    std::string help;

    CLI::Option* operator()(bool* flag) const { return app.add_flag(option.spelling, *flag, help); }
    CLI::Option* operator()(std::vector<std::string>* list) const {
        return app.add_option(option.spelling, *list, help);
    }
    CLI::Option* operator()(std::string* value) const {
        return app.add_option(option.spelling, *value, help);
    }
    // A count: CLI11 would take -1 for a very large one.
    template <class Count>
    CLI::Option* operator()(Count* value) const {
        return app.add_option(option.spelling, *value, help)->check(is_count);
    }

    static std::string is_count(const std::string& text) {
        const bool digits = !text.empty() && text.size() < 20 &&
                            text.find_first_not_of("0123456789") == std::string::npos;
        return digits ? "" : "not a count";
    }
};

void add_option(CLI::App& app, const Option& option, const std::string& group) {
    CLI::Option* added =
        std::visit(AddTarget{app, option, std::string(say(option.help))}, option.target);
    if (option.value != nullptr) added->type_name(option.value);
    if (option.choices != nullptr) added->check(CLI::IsMember(split_choices(option.choices)));
    if (option.required) added->required();
    added->group(group);
}

// CLI11's own texts repeat what was typed; ours name the kind of mistake alone.
PublicText mistake(const CLI::Error& error) {
    // An ExtrasError calls itself by the program's name.
    const bool extras = dynamic_cast<const CLI::ExtrasError*>(&error) != nullptr;
    const std::string kind = extras ? "ExtrasError" : error.get_name();
    if (kind == "RequiredError")
        return {"an option or operand is missing", "オプションまたは引数が足りません"};
    if (kind == "ExtrasError")
        return {"an option or operand is unknown", "不明なオプションまたは引数があります"};
    if (kind == "ValidationError")
        return {"a value is not one that the option takes", "オプションに指定できない値です"};
    if (kind == "ConversionError") return {"a value is not a number", "数値ではない値です"};
    if (kind == "ArgumentMismatch")
        return {"an option has too few or too many values", "オプションの値の数が違います"};
    if (kind == "FileError")
        return {"the configuration file cannot be read", "設定ファイルを読み込めません"};
    if (kind == "ConfigError") return {"the configuration file is wrong", "設定ファイルが不正です"};
    return {"wrong command line", "コマンドラインが不正です"};
}

// The option that a mistake is about, if it is one of ours: what was typed is never repeated.
std::string culprit(const CLI::App& app, const CLI::Error& error) {
    if (dynamic_cast<const CLI::RequiredError*>(&error) != nullptr) {
        for (const CLI::Option* option : app.get_options())
            if (option->get_required() && option->count() == 0) return option->get_name();
        return {};
    }
    const std::string text = error.what();
    const std::string name = text.substr(0, text.find(':'));
    for (const CLI::Option* option : app.get_options())
        if (option->get_name() == name) return name;
    return {};
}

// Usage as the table words it, the operands by what they are, and no word about a value twice.
class Help : public CLI::Formatter {
public:
    explicit Help(const Command& command) : command_(command) { column_width(28); }

    std::string make_usage(const CLI::App*, std::string) const override {
        return fmt::format("{}: {} [{}]{}{}\n\n", say({"Usage", "使い方"}), command_.name,
                           say({"OPTIONS", "オプション"}), command_.operand == nullptr ? "" : " ",
                           command_.operand == nullptr ? "" : command_.operand);
    }

    std::string make_positionals(const CLI::App*) const override {
        std::string text;
        for (const Operand& operand : command_.operand_help)
            text += fmt::format("  {:<26}{}\n", operand.name, say(operand.help));
        return text.empty() ? text : text + "\n";
    }

    // CLI11 parts groups by two lines.
    std::string make_group(std::string title, bool is_positional,
                           std::vector<const CLI::Option*> options) const override {
        return CLI::Formatter::make_group(std::move(title), is_positional, std::move(options))
            .substr(1);
    }

    std::string make_footer(const CLI::App* app) const override { return app->get_footer() + "\n"; }

    std::string make_option_opts(const CLI::Option* option) const override {
        // What follows the name there are the choices, which the description has.
        const std::string type = option->get_type_name();
        std::string text = type.empty() ? type : " " + type.substr(0, type.find(':'));
        if (option->get_expected_max() > 1) text += " ...";
        if (option->get_required()) text += say({" (required)", " (必須)"});
        return text;
    }

private:
    const Command& command_;
};

void add_everywhere(CLI::App& app, const Command& command, std::string& language_name,
                    const std::string& group) {
    app.set_help_flag("-h,--help",
                      std::string(say({"Write this help and exit", "この説明を表示して終了"})))
        ->group(group);
    app.set_version_flag("--version", std::string(command.name) + " " TSUNAGI_VERSION,
                         std::string(say({"Write the version and exit", "版を表示して終了"})))
        ->group(group);
    app.add_option("--lang", language_name,
                   std::string(say({"Language of messages", "メッセージの言語"})))
        ->type_name("ja|en")
        ->check(CLI::IsMember(std::vector<std::string>{"ja", "en"}))
        ->group(group);
    app.set_config("--config", "",
                   std::string(say({"Read options from a file (key=value lines)",
                                    "オプションをファイルから読む(key=value の行)"})))
        ->type_name("FILE")
        ->group(group);
    app.allow_config_extras(CLI::config_extras_mode::error);
}

void add_operands(CLI::App& app, const Command& command, const std::string& group) {
    if (command.operands == nullptr) return;
    auto* operands = app.add_option(command.operand, *command.operands)->group(group);
    operands->expected(command.operands_min, command.operands_max < 0
                                                 ? CLI::detail::expected_max_vector_size
                                                 : command.operands_max);
    if (command.operands_min > 0) operands->required();
}

std::string footer_of(const Command& command) {
    return fmt::format(
        fmt::runtime(
            say({"Exit status: 0 done, nothing to tell; 1 done, with findings; 2 not done; "
                 "75 another run\nholds the lock. man {} tells more.",
                 "終了状態: 0 完了・問題なし、1 完了・検出あり、2 未完了、75 他の処理が実行中\n"
                 "詳しくは man {} を参照してください。"})),
        command.name);
}

}  // namespace

tsunagi::Expected<Parsed, Mistake> parse(const Command& command, int argc, char** argv) {
    CLI::App app{std::string(say(command.purpose)), command.name};
    app.formatter(std::make_shared<Help>(command));
    app.footer(footer_of(command));
    const std::string own{say({"Options", "オプション"})};
    const std::string common{say({"Common options", "共通オプション"})};
    for (const Option& option : command.options)
        add_option(app, option, option.is_common ? common : own);
    std::string language_name;
    add_everywhere(app, command, language_name, common);
    add_operands(app, command, own);
    try {
        app.parse(argc, argv);
    } catch (const CLI::CallForHelp&) {
        fmt::print("{}", app.help());
        return Parsed::told;
    } catch (const CLI::CallForVersion&) {
        fmt::print("{} {}\n", command.name, TSUNAGI_VERSION);
        return Parsed::told;
    } catch (const CLI::ParseError& error) {
        return Unexpected{Mistake{mistake(error), culprit(app, error)}};
    }
    return Parsed::run;
}

}  // namespace tool
