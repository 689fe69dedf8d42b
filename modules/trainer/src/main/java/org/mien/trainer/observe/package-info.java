/** What watches a training and never steers it: progress on the terminal, figures in files. */
package org.mien.trainer.observe;
