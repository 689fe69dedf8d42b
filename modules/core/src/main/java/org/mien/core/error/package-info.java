/**
 * The errors a user can cause, each with the exit code the command line ends with. A programmer's
 * error is an {@link IllegalArgumentException} or {@link IllegalStateException}, never one of
 * these.
 */
package org.mien.core.error;
