// Mail, chat, news and files: protocols of lines, told by what their first lines say.
#include "dataplane/inspect/protocols/checks.h"
#include "dataplane/inspect/protocols/text.h"

namespace borderflow {
namespace {

// The greeting "220" is mail's and file transfer's: which, the server says in words.
bool GreetingSays(const WireMessage& m, std::string_view word) {
  return HasPrintableLine(m.text()) && ContainsAnyCase(FirstLine(m.text()), word);
}

}  // namespace

bool IsSmtpGreeting(const WireMessage& m) {
  return GreetingSays(m, "smtp") || (GreetingSays(m, " mail") && !GreetingSays(m, "ftp"));
}
bool IsFtpGreeting(const WireMessage& m) {
  return !GreetingSays(m, "smtp") &&
         (GreetingSays(m, "ftp") || GreetingSays(m, "filezilla") || GreetingSays(m, "file server"));
}
bool IsSmtpHello(const WireMessage& m) {
  const std::string_view line = FirstLine(m.text());
  return HasPrintableLine(m.text()) && line.size() > 5 && line.find(' ', 5) == line.npos;
}
bool IsLine(const WireMessage& m) { return HasPrintableLine(m.text()); }

bool IsImapGreeting(const WireMessage& m) { return HasPrintableLine(m.text()); }

// A bare "+OK" is also what Redis answers.
bool IsPop3Greeting(const WireMessage& m) { return HasPrintableLine(m.text()) && m.size > 6; }

// ":server NOTICE * :...", ":server 001 nick :..."
bool IsIrcServerLine(const WireMessage& m) {
  const std::string_view line = FirstLine(m.text());
  const size_t space = line.find(' ');
  if (!HasPrintableLine(m.text()) || space == line.npos || space < 2) return false;
  const std::string_view command = Part(line, space + 1);
  return command.starts_with("NOTICE ") || command.starts_with("001 ") ||
         command.starts_with("CAP ") || command.starts_with("PRIVMSG ");
}
// "NICK name" and nothing more, or a whole login in one segment.
bool IsIrcNick(const WireMessage& m) {
  const std::string_view line = FirstLine(m.text());
  return HasPrintableLine(m.text()) && line.size() > 5 && line.find(' ', 5) == line.npos;
}
// "USER name mode * :real name"; FTP's and POP's USER has one word.
bool IsIrcUser(const WireMessage& m) {
  const std::string_view line = FirstLine(m.text());
  return HasPrintableLine(m.text()) && line.find(" :") != line.npos;
}

bool IsNntpGreeting(const WireMessage& m) {
  return GreetingSays(m, "nntp") || GreetingSays(m, "internetnews") || GreetingSays(m, " inn ");
}

bool IsManageSieve(const WireMessage& m) { return HasPrintableLine(m.text()); }

// "RTSP/1.0 200 OK"; requests end in their version.
bool IsRtspRequest(const WireMessage& m) {
  const std::string_view line = FirstLine(m.text());
  return line.ends_with(" RTSP/1.0") || line.ends_with(" RTSP/2.0");
}

// SSDP over UDP, in HTTP's dress (UPnP Device Architecture 2.0 section 1).
bool IsSsdpAnswer(const WireMessage& m) {
  const std::string_view text = Part(m.text(), 0, 1024);
  return ContainsAnyCase(text, "\r\nst:") || ContainsAnyCase(text, "\r\nusn:");
}

// "<PRI>": at most 191 (RFC 5424 section 6.2.1), then version 1 or a date like "Nov 22 08:01:02".
static bool IsSyslog(std::string_view text, bool dated) {
  const size_t close = text.find('>');
  if (close == text.npos || close < 2 || close > 4 || !AllDigits(Part(text, 1, close - 1))) {
    return false;
  }
  int priority = 0;
  for (const char c : Part(text, 1, close - 1)) priority = priority * 10 + (c - '0');
  if (priority > 191) return false;
  const std::string_view rest = Part(text, close + 1);
  if (rest.starts_with("1 ")) {
    return rest.size() > 6 && (rest[2] == '-' || AllDigits(Part(rest, 2, 4))) == dated;
  }
  const bool date = rest.size() >= 15 && IsUpper(rest[0]) && rest[3] == ' ' && rest[6] == ' ' &&
                    rest[9] == ':' && rest[12] == ':';
  return date == dated && (dated || AllPrintable(FirstLine(rest)));
}
bool IsSyslogDated(const WireMessage& m) { return IsSyslog(Part(m.text(), 0, 64), true); }
bool IsSyslogOther(const WireMessage& m) { return IsSyslog(Part(m.text(), 0, 64), false); }
// RFC 6587 section 3.4.1: the message's length in digits, a space, the message.
bool IsSyslogCounted(const WireMessage& m) {
  const std::string_view text = Part(m.text(), 0, 64);
  const size_t space = text.find(' ');
  return space != text.npos && space <= 5 && AllDigits(Part(text, 0, space)) &&
         Part(text, space + 1, 1) == "<" && IsSyslog(Part(text, space + 1), true);
}

}  // namespace borderflow
