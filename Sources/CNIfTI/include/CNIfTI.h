// libnifti2, as Debian's libnifti-dev installs it. It has no pkg-config file.
#include <nifti/nifti1.h>
#include <nifti/nifti2.h>
#include <nifti/nifti2_io.h>
