#include "CMath.h"

#include <algorithm>
#include <limits>
#include <vector>

#include <boost/math/distributions/beta.hpp>
#include <boost/math/distributions/binomial.hpp>
#include <boost/math/distributions/chi_squared.hpp>
#include <boost/math/distributions/fisher_f.hpp>
#include <boost/math/distributions/non_central_t.hpp>
#include <boost/math/distributions/normal.hpp>
#include <boost/math/distributions/students_t.hpp>
#include <boost/math/special_functions/legendre.hpp>

namespace {

using namespace boost::math::policies;

// NaN and infinity instead of exceptions; integer results never arise here.
using Quiet = policy<
    domain_error<ignore_error>, pole_error<ignore_error>, overflow_error<ignore_error>,
    evaluation_error<ignore_error>, rounding_error<ignore_error>>;

// What Boost still throws (no memory, say) must not cross into Swift.
template <typename Body>
double guarded(Body body) noexcept {
  try {
    return body();
  } catch (...) {
    return std::numeric_limits<double>::quiet_NaN();
  }
}

template <typename D, typename... P>
double cdf_of(double x, P... parameters) noexcept {
  return guarded([&] { return boost::math::cdf(D(parameters...), x); });
}

template <typename D, typename... P>
double sf_of(double x, P... parameters) noexcept {
  return guarded([&] { return boost::math::cdf(boost::math::complement(D(parameters...), x)); });
}

template <typename D, typename... P>
double quantile_of(double p, P... parameters) noexcept {
  return guarded([&] { return boost::math::quantile(D(parameters...), p); });
}

using Normal = boost::math::normal_distribution<double, Quiet>;
using StudentT = boost::math::students_t_distribution<double, Quiet>;
using NoncentralT = boost::math::non_central_t_distribution<double, Quiet>;
using ChiSquared = boost::math::chi_squared_distribution<double, Quiet>;
using FisherF = boost::math::fisher_f_distribution<double, Quiet>;
using Beta = boost::math::beta_distribution<double, Quiet>;
using Binomial = boost::math::binomial_distribution<double, Quiet>;

}  // namespace

extern "C" {

double pdff_normal_cdf(double x) { return cdf_of<Normal>(x, 0.0, 1.0); }
double pdff_normal_sf(double x) { return sf_of<Normal>(x, 0.0, 1.0); }
double pdff_normal_quantile(double p) { return quantile_of<Normal>(p, 0.0, 1.0); }

double pdff_student_t_cdf(double x, double n) { return cdf_of<StudentT>(x, n); }
double pdff_student_t_sf(double x, double n) { return sf_of<StudentT>(x, n); }
double pdff_student_t_quantile(double p, double n) { return quantile_of<StudentT>(p, n); }

double pdff_noncentral_t_cdf(double x, double n, double d) { return cdf_of<NoncentralT>(x, n, d); }
double pdff_noncentral_t_quantile(double p, double n, double d) {
  return quantile_of<NoncentralT>(p, n, d);
}

double pdff_chi_squared_cdf(double x, double n) { return cdf_of<ChiSquared>(x, n); }
double pdff_chi_squared_sf(double x, double n) { return sf_of<ChiSquared>(x, n); }
double pdff_chi_squared_quantile(double p, double n) { return quantile_of<ChiSquared>(p, n); }

double pdff_f_cdf(double x, double n, double m) { return cdf_of<FisherF>(x, n, m); }
double pdff_f_sf(double x, double n, double m) { return sf_of<FisherF>(x, n, m); }
double pdff_f_quantile(double p, double n, double m) { return quantile_of<FisherF>(p, n, m); }

double pdff_beta_cdf(double x, double a, double b) { return cdf_of<Beta>(x, a, b); }
double pdff_beta_sf(double x, double a, double b) { return sf_of<Beta>(x, a, b); }
double pdff_beta_quantile(double p, double a, double b) { return quantile_of<Beta>(p, a, b); }

double pdff_binomial_cdf(double k, double n, double p) { return cdf_of<Binomial>(k, n, p); }
double pdff_binomial_sf(double k, double n, double p) { return sf_of<Binomial>(k, n, p); }
double pdff_binomial_mass(double k, double n, double p) {
  return guarded([&] { return boost::math::pdf(Binomial(n, p), k); });
}

void pdff_gauss_legendre(int count, double *nodes, double *weights) {
  // Boost gives the zeros that are not negative, ascending; the rest is their mirror image.
  const std::vector<double> zeros = boost::math::legendre_p_zeros<double>(count);
  const int half = static_cast<int>(zeros.size());
  for (int i = 0; i < half; ++i) {
    const double x = zeros[i];
    const double slope = boost::math::legendre_p_prime(count, x);
    const double weight = 2 / ((1 - x * x) * slope * slope);
    const int above = count - half + i;
    nodes[above] = x;
    weights[above] = weight;
    nodes[count - 1 - above] = -x;
    weights[count - 1 - above] = weight;
  }
}

}  // extern "C"
