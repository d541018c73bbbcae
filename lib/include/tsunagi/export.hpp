#pragma once
/// Everything is hidden unless it says otherwise: what this marks is the ABI, and nothing else is.
#define TSUNAGI_EXPORT __attribute__((visibility("default")))
