package ai.irmb.execution;

import java.nio.ByteBuffer;

/**
 * Letterboxed pictures of one size.
 *
 * @param pixels (N, H, W, 3), R G B, 0 to 255, from index 0; direct
 * @param count number of pictures, N
 * @param height H
 * @param width W
 */
public record Batch(ByteBuffer pixels, int count, int height, int width) {}
