# Makes aalen_johansen.json, the golden values of cumulative incidences with competing risks, with the
# package survival (Therneau). Run from the repository: Rscript Tests/reference/aalen_johansen.R
#
# Each case: times, causes (0 is censored), the day already waited ("from": only those with a later time
# are at risk), and at each asked time the incidence of each cause and its standard error.
suppressMessages(library(survival))
numbers <- function(x) paste0("[", paste(format(x, digits = 17, trim = TRUE), collapse = ", "), "]")
rows <- function(m) paste0("[", paste(apply(m, 1, numbers), collapse = ", "), "]")
one <- function(name, time, cause, from, asked) {
  kept <- time > from
  fit <- survfit(Surv(time[kept], factor(cause[kept], 0:3)) ~ 1)
  at <- summary(fit, times = asked, extend = TRUE)
  # The first state is "no event yet".
  sprintf(
    '  {"name": "%s", "times": %s, "causes": %s, "from": %g, "asked": %s,\n   "incidence": %s,\n   "standardErrors": %s}',
    name, numbers(time), numbers(cause), from, numbers(asked),
    rows(at$pstate[, -1, drop = FALSE]), rows(at$std.err[, -1, drop = FALSE]))
}
set.seed(5)
draw <- function(n, censored) {
  event <- ceiling(rexp(n, 0.06))
  end <- ceiling(rexp(n, censored))
  cause <- sample(1:3, n, replace = TRUE, prob = c(0.75, 0.15, 0.10))
  list(time = pmin(event, end), cause = ifelse(event <= end, cause, 0))
}
big <- draw(300, 0.02)
small <- draw(12, 0.05)
full <- draw(86, 1e-9)
asked <- c(3, 7, 14, 21, 28, 40)
cases <- c(
  one("ties and censoring", big$time, big$cause, 0, asked),
  one("after 9 days", big$time, big$cause, 9, asked[-(1:2)]),
  one("after 20 days", big$time, big$cause, 20, asked[-(1:3)]),
  one("twelve participants", small$time, small$cause, 0, c(5, 15)),
  one("nobody censored", full$time, full$cause, 0, asked),
  one("one cause alone", big$time, ifelse(big$cause == 1, 1, 0), 0, asked))
writeLines(c("[", paste(cases, collapse = ",\n"), "]"), "Tests/reference/aalen_johansen.json")
