/**
 * From the head's numbers to boxes on the image: decode, non-maximum suppression, back to original
 * pixels. Plain arrays in and out, in single precision as PyTorch computes.
 */
@NullMarked
package ai.irmb.internal.postprocess;

import org.jspecify.annotations.NullMarked;
