#include "tools/generator/services.h"

#include <iterator>

namespace borderflow::generator {
namespace {

constexpr Service kServices[] = {
    // Search, social and media weigh most, as they do at any access.
    {"www.youtube.com", "anycast US", 9},
    {"rr4---sn-4g5e6nzz.googlevideo.com", "DE NL", 9},
    {"i.ytimg.com", "anycast", 5},
    {"www.netflix.com", "IE US", 6},
    {"ipv4-c001-fra001-ix.1.oca.nflxvideo.net", "DE", 6},
    {"open.spotify.com", "SE anycast", 5},
    {"v16-webapp.tiktok.com", "SG US", 4},
    {"www.bilibili.com", "CN", 2},
    {"www.twitch.tv", "US", 3},
    {"www.zdf.de", "DE", 3},
    {"www.bbc.co.uk", "GB", 3},
    {"www.hotstar.com", "IN", 2},
    {"globoplay.globo.com", "BR", 1},
    {"www.iqiyi.com", "CN", 1},
    {"www.showmax.com", "ZA", 1},
    {"store.steampowered.com", "anycast US", 3},
    {"www.roblox.com", "US", 2},
    // Advertising and telemetry.
    {"www.google-analytics.com", "anycast", 6},
    {"securepubads.g.doubleclick.net", "US IE", 6},
    {"app-measurement.com", "anycast", 3},
    {"bidder.criteo.com", "FR", 3},
    {"ib.adnxs.com", "NL US", 3},
    {"hm.baidu.com", "CN", 1},
    {"mc.yandex.ru", "RU", 2},
    {"o4505.ingest.sentry.io", "US", 2},
    {"events.appsflyer.com", "IE", 2},
    {"browser-intake-datadoghq.com", "US", 2},
    // Software updates.
    {"dl.delivery.mp.microsoft.com", "NL anycast", 4},
    {"download.windowsupdate.com", "NL US", 4},
    {"swcdn.apple.com", "US", 3},
    {"deb.debian.org", "anycast DE", 3},
    {"security.ubuntu.com", "GB", 2},
    {"update.googleapis.com", "US", 2},
    {"registry.npmjs.org", "anycast", 2},
    {"pypi.org", "US", 2},
    // Mail, messages, meetings.
    {"outlook.office365.com", "IE NL", 6},
    {"teams.microsoft.com", "IE", 5},
    {"mail.google.com", "US", 4},
    {"imap.gmx.net", "DE", 3},
    {"us04web.zoom.us", "US", 4},
    {"web.whatsapp.com", "IE US", 4},
    {"api.telegram.org", "NL GB", 2},
    {"slack.com", "US", 3},
    {"mail.proton.me", "CH", 2},
    {"wx.qq.com", "CN", 1},
    {"gs.line-apps.com", "JP", 1},
    {"talk.kakao.com", "KR", 1},
    // Accounts.
    {"login.microsoftonline.com", "IE NL", 6},
    {"accounts.google.com", "US", 4},
    {"example-gmbh.okta.com", "US", 3},
    {"appleid.apple.com", "US", 2},
    {"nid.naver.com", "KR", 1},
    // Customers, forms, signatures.
    {"eu12.salesforce.com", "FR US", 4},
    {"api.hubspot.com", "US", 2},
    {"eu.docusign.net", "NL", 2},
    {"www.surveymonkey.com", "IE", 1},
    {"www.booking.com", "NL", 2},
    {"crm.zoho.com", "IN US", 1},
    // Money.
    {"api.stripe.com", "IE US", 5},
    {"www.paypal.com", "US", 4},
    {"checkoutshopper-live.adyen.com", "NL", 3},
    {"banking.sparkasse.de", "DE", 3},
    {"www.hsbc.com.hk", "HK", 2},
    {"secure.dbs.com.sg", "SG", 1},
    {"api.razorpay.com", "IN", 2},
    {"www.itau.com.br", "BR", 2},
    {"api.paystack.co", "NG", 2},
    {"api.safaricom.co.ke", "KE", 2},
    {"www.standardbank.co.za", "ZA", 1},
    {"www.emiratesnbd.com", "AE", 1},
    {"mapi.alipay.com", "CN", 2},
    {"www.commbank.com.au", "AU", 1},
    {"www.postfinance.ch", "CH", 1},
    {"online.sberbank.ru", "RU", 1},
    {"www.smbc.co.jp", "JP", 1},
    {"www.mercadopago.com.ar", "AR", 1},
    // Health.
    {"www.doctolib.de", "DE FR", 3},
    {"api.nhs.uk", "GB", 2},
    {"mychart.com", "US", 2},
    {"clinicalapi.dexcom.com", "US", 1},
    {"api-eu.libreview.io", "IE", 1},
    {"www.practo.com", "IN", 1},
    {"ehealth.gov.hk", "HK", 1},
    {"www.fitbit.com", "US", 2},
    {"api-mifit.huami.com", "CN", 1},
    {"www.kry.se", "SE", 1},
    // 'Omic and biometric.
    {"euw1.platform.illumina.com", "IE", 1},
    {"ftp.ncbi.nlm.nih.gov", "US", 2},
    {"ftp.ebi.ac.uk", "GB", 2},
    {"www.bgi.com", "CN", 1},
    {"usegalaxy.eu", "DE", 1},
    {"api.eu.onfido.com", "IE", 1},
    {"go.idnow.de", "DE", 1},
    {"api.faceplusplus.com", "CN US", 1},
    {"netverify.com", "US", 1},
    // Places.
    {"maps.googleapis.com", "anycast", 4},
    {"api.mapbox.com", "US", 2},
    {"tile.openstreetmap.org", "NL GB", 2},
    {"restapi.amap.com", "CN", 1},
    {"gspe1-ssl.ls.apple.com", "US", 2},
    {"cn-dc1.uber.com", "US", 1},
    {"p.grabtaxi.com", "SG", 1},
    {"eu.samsara.com", "IE", 1},
    // Schools and employers.
    {"classroom.google.com", "US", 2},
    {"www.duolingo.com", "US", 2},
    {"canvas.instructure.com", "US IE", 1},
    {"www.webuntis.com", "AT", 2},
    {"impl.workday.com", "IE NL", 2},
    {"api.personio.de", "DE", 2},
    {"www.datev.de", "DE", 2},
    {"performancemanager5.successfactors.eu", "NL", 1},
    // Bulk data.
    {"s3.eu-central-1.amazonaws.com", "DE", 4},
    {"s3.us-east-1.amazonaws.com", "US", 4},
    {"backups.s3.ap-southeast-1.amazonaws.com", "SG", 2},
    {"account.blob.core.windows.net", "NL IE", 4},
    {"xy12345.eu-west-1.snowflakecomputing.com", "IE", 2},
    {"content.dropboxapi.com", "US", 3},
    {"s3.eu-central-1.wasabisys.com", "NL", 1},
    {"oss-cn-hangzhou.aliyuncs.com", "CN", 1},
    {"storage.yandexcloud.net", "RU", 1},
    // Cameras.
    {"open.ys7.com", "CN", 2},
    {"www.hik-connect.com", "IE CN", 2},
    {"api.ring.com", "US", 2},
    {"vortex.verkada.com", "US", 1},
    {"nexusapi.dropcam.com", "US", 1},
    {"api.safie.link", "JP", 1},
    // Things and machines.
    {"meters.azure-devices.net", "NL", 2},
    {"a1b2c3-ats.iot.eu-central-1.amazonaws.com", "DE", 2},
    {"a1.tuyaeu.com", "DE", 2},
    {"a1.tuyacn.com", "CN", 1},
    {"gateway.eu1.mindsphere.io", "DE", 1},
    {"prod.solaredge.com", "IL", 1},
    {"mqtt.emqxsl.com", "SG", 1},
    // Government.
    {"www.elster.de", "DE", 1},
    {"ec.europa.eu", "LU BE", 2},
    {"www.gov.uk", "GB", 2},
    {"www.irs.gov", "US", 1},
    {"www.impots.gouv.fr", "FR", 1},
    {"www.bundesregierung.de", "DE", 1},
    {"www.gosuslugi.ru", "RU", 1},
    {"www.india.gov.in", "IN", 1},
    {"www.e-gov.go.jp", "JP", 1},
    {"www.admin.ch", "CH", 1},
    {"www.gov.br", "BR", 1},
    {"www.gov.za", "ZA", 1},
    // Remote access and tunnels.
    {"router7.teamviewer.com", "DE", 2},
    {"relay-3.anydesk.com", "DE", 2},
    {"controlplane.tailscale.com", "US", 2},
    {"de14.nordvpn.com", "DE", 1},
    {"mask.icloud.com", "US anycast", 3},
    {"gateway.zscaler.net", "DE CH", 2},
    // Goods.
    {"api.dhl.com", "DE", 2},
    {"www.maersk.com", "DK", 1},
    {"service.ariba.com", "US", 1},
    {"eawbgateway.cargowise.com", "AU", 1},
    {"www.tradenet.gov.sg", "SG", 1},
    // Telecom.
    {"api.twilio.com", "US", 2},
    {"api.infobip.com", "DE", 1},
    {"api.africastalking.com", "KE", 1},
    {"dysmsapi.aliyuncs.com", "CN", 1},
    // Infrastructure.
    {"cloudflare-ech.com", "anycast", 1},  // what an ECH client shows instead of the real name
    {"ocsp.digicert.com", "anycast", 2},
    {"r11.o.lencr.org", "anycast", 2},
    {"connectivitycheck.gstatic.com", "US", 2},
    {"dns.google", "anycast", 2},
    {"www.ripe.net", "NL", 1},
    // Left to the rules as they are: shared hosts that say little.
    {"d111111abcdef8.cloudfront.net", "US DE", 3},
    {"assets.fastly.net", "anycast", 2},
    {"www.wikipedia.org", "NL", 3},
    {"github.com", "US DE", 3},
};

constexpr Service kUnknownServices[] = {
    {"portal.example.com", "DE US"},     {"cdn7.static.example.net", "anycast FR"},
    {"api.shop.example", "NL"},          {"erp.werk2.example", "AT"},
    {"files.partner.example.org", "IN"}, {"app.startup.test", "SG"},
    {"telemetry.device.test", "CN"},     {"news.paper.example", "TR"},
    {"intranet.branch.example", "PL"},   {"studio.games.test", "KR"},
    {"booking.airline.example", "AE"},   {"library.university.example", "CA"},
    {"mirror.kernel.test", "SE"},        {"clinic.example.co", "ZA"},
    {"exchange.metals.example", "GB"},   {"farm.sensors.test", "AU"},
};

}  // namespace

absl::Span<const Service> Services() { return kServices; }

absl::Span<const Service> UnknownServices() { return kUnknownServices; }

const Service& ByWeight(absl::Span<const Service> services, uint32_t ticket) {
  uint32_t sum = 0;
  for (const Service& service : services) sum += service.weight;
  uint32_t left = ticket % sum;
  for (const Service& service : services) {
    if (left < service.weight) return service;
    left -= service.weight;
  }
  return services.back();
}

}  // namespace borderflow::generator
