// The checks that signatures.inc names: whether a message, whose first bytes fit a line's pattern,
// has the structure that the line stands for.
//
// Each is a pure function over the message, of any length and content; what it reads, and from
// which document, is said beside its definition.
#ifndef BORDERFLOW_DATAPLANE_INSPECT_PROTOCOLS_CHECKS_H_
#define BORDERFLOW_DATAPLANE_INSPECT_PROTOCOLS_CHECKS_H_

#include "dataplane/inspect/wire_message.h"

namespace borderflow {

// For patterns that need no check.
inline bool Always(const WireMessage&) { return true; }

// health.cc: DICOM, HL7, ASTM, X12.
bool IsDicomAssociate(const WireMessage& m);
bool IsDicomCommand(const WireMessage& m);
bool IsDicomRelease(const WireMessage& m);
bool IsHl7InMllp(const WireMessage& m);
bool IsHl7Bare(const WireMessage& m);
bool IsAstmHeader(const WireMessage& m);
bool IsX12Health(const WireMessage& m);
bool IsX12Other(const WireMessage& m);

// finance.cc: ISO 8583, SoupBinTCP, Bitcoin, SWIFT MT, EDIFACT.
bool IsIso8583(const WireMessage& m);
bool IsSoupLogin(const WireMessage& m);
bool IsSoupAccepted(const WireMessage& m);
bool IsBitcoin(const WireMessage& m);
bool IsSwiftBlock(const WireMessage& m);
bool IsEdifactAdvice(const WireMessage& m);

// documents.cc: XML, by the names at its start.
bool IsIso20022Xml(const WireMessage& m);
bool IsEbicsXml(const WireMessage& m);
bool IsOfxXml(const WireMessage& m);
bool IsXmppXml(const WireMessage& m);
bool IsOnvifXml(const WireMessage& m);
bool IsDiscoveryXml(const WireMessage& m);

// telecom.cc: Diameter, GTP, PFCP, RADIUS, SMPP.
bool IsDiameter(const WireMessage& m);
bool IsGtp2(const WireMessage& m);
bool IsGtp2Echo(const WireMessage& m);
bool IsGtp2Tunnel(const WireMessage& m);
bool IsGtp1(const WireMessage& m);
bool IsGtpUser(const WireMessage& m);
bool IsGtpPrime(const WireMessage& m);
bool IsPfcp(const WireMessage& m);
bool IsRadius(const WireMessage& m);
bool IsPlainRadius(const WireMessage& m);
bool IsSmpp(const WireMessage& m);
bool IsSmppBind(const WireMessage& m);

// voice.cc: SIP, MGCP, RTCP, STUN, IAX2, H.323.
bool IsSipRequest(const WireMessage& m);
bool IsSipResponse(const WireMessage& m);
bool IsSurveillanceSip(const WireMessage& m);
bool IsMgcp(const WireMessage& m);
bool IsRtcpCompound(const WireMessage& m);
bool IsRtcpSingle(const WireMessage& m);
bool IsStun(const WireMessage& m);
bool IsIaxNew(const WireMessage& m);
bool IsQ931(const WireMessage& m);

// mail.cc: protocols of lines.
bool IsSmtpGreeting(const WireMessage& m);
bool IsFtpGreeting(const WireMessage& m);
bool IsSmtpHello(const WireMessage& m);
bool IsLine(const WireMessage& m);
bool IsImapGreeting(const WireMessage& m);
bool IsPop3Greeting(const WireMessage& m);
bool IsIrcServerLine(const WireMessage& m);
bool IsIrcNick(const WireMessage& m);
bool IsIrcUser(const WireMessage& m);
bool IsNntpGreeting(const WireMessage& m);
bool IsManageSieve(const WireMessage& m);
bool IsRtspRequest(const WireMessage& m);
bool IsSsdpAnswer(const WireMessage& m);
bool IsSyslogDated(const WireMessage& m);
bool IsSyslogOther(const WireMessage& m);
bool IsSyslogCounted(const WireMessage& m);

// directory.cc: LDAP, Kerberos, SMB, DCE/RPC, TACACS+, SNMP.
bool IsLdap(const WireMessage& m);
bool IsKerberos(const WireMessage& m);
bool IsKerberosTcp(const WireMessage& m);
bool IsNetbiosSession(const WireMessage& m);
bool IsNetbiosNameService(const WireMessage& m);
bool IsNetbiosDatagram(const WireMessage& m);
bool IsDceRpc(const WireMessage& m);
bool IsTacacs(const WireMessage& m);
bool IsSnmp(const WireMessage& m);

// industry.cc: control systems and metering.
bool IsModbus(const WireMessage& m);
bool IsIec104Unnumbered(const WireMessage& m);
bool IsIec104Data(const WireMessage& m);
bool IsDnp3(const WireMessage& m);
bool IsOpcUa(const WireMessage& m);
bool IsS7(const WireMessage& m);
bool IsMmsConnect(const WireMessage& m);
bool IsMmsData(const WireMessage& m);
bool IsRdpRequest(const WireMessage& m);
bool IsRdpConfirm(const WireMessage& m);
bool IsEnipRegister(const WireMessage& m);
bool IsEnipList(const WireMessage& m);
bool IsEnipData(const WireMessage& m);
bool IsEnipIo(const WireMessage& m);
bool IsBacnet(const WireMessage& m);
bool IsMqttConnect(const WireMessage& m);
bool IsCoap(const WireMessage& m);
bool IsDlms(const WireMessage& m);
bool IsDlmsAssociation(const WireMessage& m);
bool IsSynchrophasor(const WireMessage& m);
bool IsKnx(const WireMessage& m);
bool IsHartIp(const WireMessage& m);

// database.cc: databases, queues, files.
bool IsPostgresStartup(const WireMessage& m);
bool IsPostgresCode(const WireMessage& m);
bool IsMysqlGreeting(const WireMessage& m);
bool IsTdsPrelogin(const WireMessage& m);
bool IsTdsLogin(const WireMessage& m);
bool IsTnsConnect(const WireMessage& m);
bool IsTnsResend(const WireMessage& m);
bool IsMongo(const WireMessage& m);
bool IsRedisCommand(const WireMessage& m);
bool IsCassandra(const WireMessage& m);
bool IsCassandraStartup(const WireMessage& m);
bool IsDrda(const WireMessage& m);
bool IsElasticsearch(const WireMessage& m);
bool IsMemcachedStore(const WireMessage& m);
bool IsMemcachedBinary(const WireMessage& m);
bool IsKafkaRequest(const WireMessage& m);
bool IsNfsTcp(const WireMessage& m);
bool IsNfsUdp(const WireMessage& m);
bool IsPortmapTcp(const WireMessage& m);
bool IsPortmapUdp(const WireMessage& m);
bool IsIscsiLogin(const WireMessage& m);
bool IsClickhouseHello(const WireMessage& m);
bool IsFirebird(const WireMessage& m);

// location.cc: positions and trackers.
bool IsNmea(const WireMessage& m);
bool IsAis(const WireMessage& m);
bool IsH02(const WireMessage& m);
bool IsGt06(const WireMessage& m);
bool IsTeltonika(const WireMessage& m);
bool IsImeiLogin(const WireMessage& m);
bool IsAprsLogin(const WireMessage& m);
bool IsBeast(const WireMessage& m);
bool IsSupl(const WireMessage& m);

// remote.cc: remote access, surveillance devices.
bool IsRfbVersion(const WireMessage& m);
bool IsTelnetNegotiation(const WireMessage& m);
bool IsTelnetCommand(const WireMessage& m);
bool IsTeamViewer(const WireMessage& m);
bool IsX11Setup(const WireMessage& m);
bool IsDahua(const WireMessage& m);
bool IsXmeye(const WireMessage& m);
bool IsRmcp(const WireMessage& m);

// tunnel.cc: VPNs and proxies.
bool IsWireguardHandshake(const WireMessage& m);
bool IsWireguardData(const WireMessage& m);
bool IsOpenVpnUdp(const WireMessage& m);
bool IsOpenVpnTcp(const WireMessage& m);
bool IsIke(const WireMessage& m);
bool IsIkeBehindMarker(const WireMessage& m);
bool IsL2tpControl(const WireMessage& m);
bool IsPptp(const WireMessage& m);
bool IsSocks5Greeting(const WireMessage& m);
bool IsSocks5Choice(const WireMessage& m);
bool IsSocks4Request(const WireMessage& m);
bool IsSocks4Answer(const WireMessage& m);

// peers.cc: peer to peer, streaming.
bool IsDht(const WireMessage& m);
bool IsUtp(const WireMessage& m);
bool IsRtmpHello(const WireMessage& m);
bool IsSrtHandshake(const WireMessage& m);
bool IsGitRequest(const WireMessage& m);

// infrastructure.cc: time, routing, addresses, flow export.
bool IsNtp(const WireMessage& m);
bool IsPtp(const WireMessage& m);
bool IsBgp(const WireMessage& m);
bool IsRpkiRtr(const WireMessage& m);
bool IsNetflow5(const WireMessage& m);
bool IsNetflow7(const WireMessage& m);
bool IsNetflow1(const WireMessage& m);
bool IsNetflow9(const WireMessage& m);
bool IsIpfix(const WireMessage& m);
bool IsSflow(const WireMessage& m);
bool IsDhcp(const WireMessage& m);
bool IsDhcp6(const WireMessage& m);
bool IsBfd(const WireMessage& m);
bool IsLdp(const WireMessage& m);
bool IsRip(const WireMessage& m);
bool IsTftp(const WireMessage& m);

}  // namespace borderflow

#endif  // BORDERFLOW_DATAPLANE_INSPECT_PROTOCOLS_CHECKS_H_
