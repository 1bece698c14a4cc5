/** The highest-bizum job: for each person the highest bizum of all time. */
package dev.buzon.bizum;
