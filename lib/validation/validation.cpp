#include <tsunagi/validation.hpp>

#include "validation/file_scan.hpp"

namespace tsunagi {

Expected<ValidationResult, Diagnostic> validate(const Schema& schema,
                                                const ValidationOptions& options,
                                                DiagnosticSink& sink) {
    const auto layout = schema.layout(options.layout);
    if (!layout) return Unexpected{layout.error()};
    validation::FileScan scan(schema, **layout, options);
    using Step = Expected<void, Diagnostic> (validation::FileScan::*)();
    for (const Step step :
         {&validation::FileScan::open, &validation::FileScan::scan, &validation::FileScan::batch})
        if (auto done = (scan.*step)(); !done) return Unexpected{std::move(done).error()};
    scan.samples().emit(schema, **layout, sink);
    return scan.result();
}

}  // namespace tsunagi
