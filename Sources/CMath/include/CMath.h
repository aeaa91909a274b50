// Special functions through Boost.Math, a C++ library: its templates stay behind plain functions.
// Nothing here throws: outside a distribution's domain the result is NaN, beyond a double's range
// it is infinite.
#ifndef PDFF_CMATH_H
#define PDFF_CMATH_H

#ifdef __cplusplus
extern "C" {
#endif

// P(X <= x), P(X > x), and the x with P(X <= x) = p.
double pdff_normal_cdf(double x);
double pdff_normal_sf(double x);
double pdff_normal_quantile(double p);
double pdff_student_t_cdf(double x, double degrees);
double pdff_student_t_sf(double x, double degrees);
double pdff_student_t_quantile(double p, double degrees);
// Noncentral t: Z + noncentrality over the root of a chi-squared share.
double pdff_noncentral_t_cdf(double x, double degrees, double noncentrality);
double pdff_noncentral_t_quantile(double p, double degrees, double noncentrality);
double pdff_chi_squared_cdf(double x, double degrees);
double pdff_chi_squared_sf(double x, double degrees);
double pdff_chi_squared_quantile(double p, double degrees);
double pdff_f_cdf(double x, double numerator, double denominator);
double pdff_f_sf(double x, double numerator, double denominator);
double pdff_f_quantile(double p, double numerator, double denominator);
double pdff_beta_cdf(double x, double a, double b);
double pdff_beta_sf(double x, double a, double b);
double pdff_beta_quantile(double p, double a, double b);
double pdff_binomial_cdf(double successes, double trials, double probability);
double pdff_binomial_sf(double successes, double trials, double probability);
double pdff_binomial_mass(double successes, double trials, double probability);

// The `count` nodes in (-1, 1), ascending, and weights of Gauss-Legendre quadrature.
void pdff_gauss_legendre(int count, double *nodes, double *weights);

#ifdef __cplusplus
}
#endif

#endif
