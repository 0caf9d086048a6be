package ai.irmb.track;

import ai.irmb.Box;

/**
 * Where an object is and how it moves: a Kalman filter with constant velocity over its box's centre
 * x, centre y, width over height, and height, with the noise of SORT's successors (Wojke and others
 * 2017), which grows with the height.
 *
 * <p>Since noise is independent in each of the four, the filter's 8 × 8 covariance is zero but for
 * a 2 × 2 block for each: so there are four small filters. Not safe for concurrent use.
 */
final class Motion {
  private static final int ASPECT = 2;
  private static final int HEIGHT = 3;
  private static final double POSITION_NOISE = 1 / 20.0;
  private static final double VELOCITY_NOISE = 1 / 160.0;

  /** Of width over height: in its start and from image to image, in its velocity, measured. */
  private static final double ASPECT_NOISE = 1e-2;

  private static final double ASPECT_VELOCITY_NOISE = 1e-5;
  private static final double ASPECT_MEASURED = 1e-1;

  /** A box without height has no proportions. */
  private static final double LEAST = 1e-3;

  private final double[] position;
  private final double[] velocity = new double[4];

  /** Variance of the position, covariance of both, variance of the velocity. */
  private final double[] pp = new double[4];

  private final double[] pv = new double[4];
  private final double[] vv = new double[4];

  Motion(Box box) {
    position = measured(box);
    for (int i = 0; i < 4; i++) {
      pp[i] = square(i == ASPECT ? ASPECT_NOISE : 2 * POSITION_NOISE * position[HEIGHT]);
      vv[i] = square(i == ASPECT ? ASPECT_VELOCITY_NOISE : 10 * VELOCITY_NOISE * position[HEIGHT]);
    }
  }

  private static double[] measured(Box box) {
    double height = Math.max(box.height(), LEAST);
    return new double[] {
      (box.x1() + box.x2()) / 2.0, (box.y1() + box.y2()) / 2.0, box.width() / height, height
    };
  }

  private static double square(double x) {
    return x * x;
  }

  /**
   * One image on.
   *
   * @param isSeen whether it was seen in the last one; otherwise it is taken to keep its height
   */
  void predict(boolean isSeen) {
    if (!isSeen) {
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
    position[HEIGHT] = Math.max(position[HEIGHT], LEAST);
  }

  /** Takes in where it was seen. */
  void correct(Box box) {
    double[] seen = measured(box);
    double height = position[HEIGHT];
    for (int i = 0; i < 4; i++) {
      double all = pp[i] + square(i == ASPECT ? ASPECT_MEASURED : POSITION_NOISE * height);
      double gain = pp[i] / all;
      double velocityGain = pv[i] / all;
      double off = seen[i] - position[i];
      position[i] += gain * off;
      velocity[i] += velocityGain * off;
      vv[i] -= velocityGain * pv[i];
      pp[i] *= 1 - gain;
      pv[i] *= 1 - gain;
    }
    position[ASPECT] = Math.max(position[ASPECT], 0);
    position[HEIGHT] = Math.max(position[HEIGHT], LEAST);
  }

  /** {@return where it is thought to be} */
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
