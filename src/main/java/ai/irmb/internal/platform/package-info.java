/** The operating system and the processor. */
@NullMarked
package ai.irmb.internal.platform;

import org.jspecify.annotations.NullMarked;
