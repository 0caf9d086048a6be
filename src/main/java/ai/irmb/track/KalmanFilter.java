package ai.irmb.track;

import ai.irmb.Box;

/**
 * A Kalman filter with constant velocity over center x, center y, aspect ratio (width / height) and
 * height of an object's box, with the noise of DeepSORT (Wojke and others 2017), which is
 * proportional to the height.
 *
 * <p>The noise of the four values is independent, so the 8 × 8 covariance consists of four 2 × 2
 * blocks: four small filters. Not safe for concurrent use.
 */
final class KalmanFilter {
  private static final int ASPECT = 2;
  private static final int HEIGHT = 3;
  private static final double POSITION_NOISE = 1 / 20.0;
  private static final double VELOCITY_NOISE = 1 / 160.0;

  /** Standard deviation of the aspect ratio: initial and per image, of its velocity, measured. */
  private static final double ASPECT_NOISE = 1e-2;

  private static final double ASPECT_VELOCITY_NOISE = 1e-5;
  private static final double ASPECT_MEASURED = 1e-1;

  /** Avoids a division by zero for a box without height. */
  private static final double MIN_HEIGHT = 1e-3;

  private final double[] position;
  private final double[] velocity = new double[4];

  /** Variance of the position, covariance of both, variance of the velocity. */
  private final double[] pp = new double[4];

  private final double[] pv = new double[4];
  private final double[] vv = new double[4];

  KalmanFilter(Box box) {
    position = measured(box);
    for (int i = 0; i < 4; i++) {
      pp[i] = square(i == ASPECT ? ASPECT_NOISE : 2 * POSITION_NOISE * position[HEIGHT]);
      vv[i] = square(i == ASPECT ? ASPECT_VELOCITY_NOISE : 10 * VELOCITY_NOISE * position[HEIGHT]);
    }
  }

  private static double[] measured(Box box) {
    double height = Math.max(box.height(), MIN_HEIGHT);
    return new double[] {
      (box.x1() + box.x2()) / 2.0, (box.y1() + box.y2()) / 2.0, box.width() / height, height
    };
  }

  private static double square(double x) {
    return x * x;
  }

  /**
   * Predicts the next image.
   *
   * @param isDetected whether the last image showed it; otherwise its height is kept
   */
  void predict(boolean isDetected) {
    if (!isDetected) {
      velocity[HEIGHT] = 0;
    }
    double height = position[HEIGHT];
    for (int i = 0; i < 4; i++) {
      pp[i] += 2 * pv[i] + vv[i] + square(i == ASPECT ? ASPECT_NOISE : POSITION_NOISE * height);
      pv[i] += vv[i];
      vv[i] += square(i == ASPECT ? ASPECT_VELOCITY_NOISE : VELOCITY_NOISE * height);
      position[i] += velocity[i];
    }
    position[ASPECT] = Math.max(position[ASPECT], 0);
    position[HEIGHT] = Math.max(position[HEIGHT], MIN_HEIGHT);
  }

  /** Corrects the prediction by a detection's box. */
  void correct(Box box) {
    double[] measurement = measured(box);
    double height = position[HEIGHT];
    for (int i = 0; i < 4; i++) {
      double variance = pp[i] + square(i == ASPECT ? ASPECT_MEASURED : POSITION_NOISE * height);
      double gain = pp[i] / variance;
      double velocityGain = pv[i] / variance;
      double residual = measurement[i] - position[i];
      position[i] += gain * residual;
      velocity[i] += velocityGain * residual;
      vv[i] -= velocityGain * pv[i];
      pp[i] *= 1 - gain;
      pv[i] *= 1 - gain;
    }
    position[ASPECT] = Math.max(position[ASPECT], 0);
    position[HEIGHT] = Math.max(position[HEIGHT], MIN_HEIGHT);
  }

  /** {@return the estimated box} */
  Box box() {
    double halfHeight = position[HEIGHT] / 2;
    double halfWidth = position[ASPECT] * halfHeight;
    return new Box(
        (float) (position[0] - halfWidth),
        (float) (position[1] - halfHeight),
        (float) (position[0] + halfWidth),
        (float) (position[1] + halfHeight));
  }
}
