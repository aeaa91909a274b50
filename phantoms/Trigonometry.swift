import Foundation

/// exp(i angle) as (cos, sin); angle in rad.
func unitPhasor(_ angle: Double) -> SIMD2<Double> { SIMD2(cos(angle), sin(angle)) }

func cosine(_ angle: Double) -> Double { cos(angle) }

/// The product of two complex numbers (re, im).
func product(_ a: SIMD2<Double>, _ b: SIMD2<Double>) -> SIMD2<Double> {
  SIMD2(a.x * b.x - a.y * b.y, a.x * b.y + a.y * b.x)
}

func exponential(_ value: Double) -> Double { exp(value) }

/// The angle of the point (x, y), rad, in -pi...pi.
func angle(y: Float, x: Float) -> Float { atan2(y, x) }

func length(_ value: SIMD2<Double>) -> Double { hypot(value.x, value.y) }
