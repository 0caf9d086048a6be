package ai.irmb.internal.limit;

/**
 * The memory that a reader may still allocate for one file, in bytes. Reading takes at most 3 ×
 * file size + 32 MB, including the file's own bytes and a reserve of 8 MB for small objects that
 * are not counted.
 *
 * <p>Not safe for concurrent use: each reader has its own budget.
 */
public final class MemoryBudget {
  private static final long BASE_BYTES = 24L << 20;

  private final long limit;
  private long remaining;

  /**
   * @param fileBytes size of the file that is read
   */
  public MemoryBudget(long fileBytes) {
    this.limit =
        Math.addExact(Math.multiplyExact(2, Math.min(fileBytes, Long.MAX_VALUE / 4)), BASE_BYTES);
    this.remaining = limit;
  }

  private MemoryBudget(long limit, long left) {
    this.limit = limit;
    this.remaining = left;
  }

  /**
   * {@return whether this much memory remained; if so, it is reserved}
   *
   * @param bytes estimated size of an allocation, at least 0
   */
  public boolean tryReserve(long bytes) {
    if (bytes < 0 || bytes > remaining) {
      return false;
    }
    remaining -= bytes;
    return true;
  }

  /** {@return a new budget for the same file, with nothing reserved} */
  public MemoryBudget copyUnused() {
    return new MemoryBudget(limit, limit);
  }

  /** {@return the predicate of an error message whose subject is the allocation} */
  public String exceededMessage() {
    return "exceeds the memory limit of "
        + limit
        + " bytes for this file (3 x file size + 32 MB, the file included)";
  }
}
