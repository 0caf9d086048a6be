package ai.irmb.internal.limit;

/**
 * What reading one file may still allocate, in bytes. Reading takes at most 3 × file size + 32 MB,
 * of which the file's own bytes are the first third and 8 MB are left for what nobody counts.
 *
 * <p>Not safe for concurrent use: one reader, one budget.
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
   * {@return whether this much was still free; it is taken if so}
   *
   * @param bytes an estimate of what is about to be allocated, at least 0
   */
  public boolean tryReserve(long bytes) {
    if (bytes < 0 || bytes > remaining) {
      return false;
    }
    remaining -= bytes;
    return true;
  }

  /** {@return another budget for the same file, of which nothing was taken} */
  public MemoryBudget copyUnused() {
    return new MemoryBudget(limit, limit);
  }

  /** {@return the end of a sentence that says what was too much} */
  public String exceededMessage() {
    return "exceeds the memory limit of "
        + limit
        + " bytes for this file (3 x file size + 32 MB, the file included)";
  }
}
