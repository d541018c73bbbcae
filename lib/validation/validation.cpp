#include <tsunagi/validation.hpp>

#include "validation/file_scan.hpp"

#include "record/registered.hpp"
#include "secondary_copy/linked_members.hpp"
#include "secondary_copy/qualified_members.hpp"

namespace tsunagi {

namespace validation {

namespace {

// What the rules are told of the run: what else is known of branch numbers, too.
Expected<record::Context, Diagnostic> context_of(const Schema& schema, const Layout& layout,
                                                 const ValidationOptions& options,
                                                 const KnownMembers* ledger) {
    record::Context context{.as_of = options.as_of.date, .insurer_number = options.insurer_number};
    if (options.known) {
        auto members =
            secondary_copy::LinkedMembers::read(*options.known, schema, options.as_of.date);
        if (!members) return Unexpected{std::move(members).error()};
        context.known = members->branch_numbers();
    } else if (ledger != nullptr) {
        context.known = ledger->branch_numbers();
    }
    if (!options.qualification_files.empty()) {
        auto qualified = secondary_copy::read_qualified(schema, options.qualification_files);
        if (!qualified) return Unexpected{std::move(qualified).error()};
        context.qualified = std::move(*qualified);
    }
    auto targets = record::read_registered(schema, layout, options.registered_files);
    if (!targets) return Unexpected{std::move(targets).error()};
    context.targets = std::move(*targets);
    return context;
}

}  // namespace

}  // namespace validation

Expected<ValidationResult, Diagnostic> validate(const Schema& schema,
                                                const ValidationOptions& options,
                                                DiagnosticSink& sink) {
    const auto layout = schema.layout(options.layout);
    if (!layout) return Unexpected{layout.error()};
    std::optional<validation::KnownMembers> known;
    if (options.ledger.is_given()) {
        auto opened = validation::KnownMembers::open(schema, **layout, options);
        if (!opened) return Unexpected{std::move(opened).error()};
        known.emplace(std::move(*opened));
    }
    auto context = validation::context_of(schema, **layout, options, known ? &*known : nullptr);
    if (!context) return Unexpected{std::move(context).error()};
    validation::FileScan scan(schema, **layout, options, *context);
    if (known) scan.ask(*known);
    using Step = Expected<void, Diagnostic> (validation::FileScan::*)();
    for (const Step step :
         {&validation::FileScan::open, &validation::FileScan::scan, &validation::FileScan::batch})
        if (auto done = (scan.*step)(); !done) return Unexpected{std::move(done).error()};
    scan.emit(sink);
    return scan.result();
}

}  // namespace tsunagi
