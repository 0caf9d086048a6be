/**
 * The reference execution: every operation immediately makes one or a few calls of DJL's array
 * interface, on CPU and CUDA.
 */
@NullMarked
package ai.irmb.internal.ops.eager;

import org.jspecify.annotations.NullMarked;
