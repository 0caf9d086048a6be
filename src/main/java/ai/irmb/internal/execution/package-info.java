/**
 * Runs a network on the engine: images as bytes in, candidates as plain arrays out. No native
 * object leaves this package.
 */
@NullMarked
package ai.irmb.internal.execution;

import org.jspecify.annotations.NullMarked;
