/**
 * The reference execution: every operation is one or a few calls of DJL's array interface, at once,
 * on CPU and CUDA.
 */
@NullMarked
package ai.irmb.internal.ops.eager;

import org.jspecify.annotations.NullMarked;
