// The kernels follow.
