// The functions are inlined from the header; SwiftPM wants a source.
#include "CLanes.h"
