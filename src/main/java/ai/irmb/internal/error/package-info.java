/** Error messages: quoting of untrusted text, and exceptions of asynchronous work. */
@NullMarked
package ai.irmb.internal.error;

import org.jspecify.annotations.NullMarked;
