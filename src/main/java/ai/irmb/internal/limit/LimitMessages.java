package ai.irmb.internal.limit;

import ai.irmb.limit.Limit;
import ai.irmb.limit.Limits;

/** The end of a message about a file that exceeds a {@link Limit}. */
public final class LimitMessages {
  private LimitMessages() {}

  /** {@return the limit's value and how to raise it, to follow words such as "more than"} */
  public static String limit(Limits limits, Limit limit) {
    return "the limit of " + limits.get(limit) + "; " + remedy(limit);
  }

  /** {@return how to raise a limit in Java and on the command line} */
  public static String remedy(Limit limit) {
    return "raise it with Limits.with(Limit."
        + limit
        + ", …) or --limit "
        + limit.optionName()
        + "=…";
  }
}
